/**
 * Picks the backend.
 *
 * <p>Allowed neighbours: {@code internal.platform}, {@code internal.loop}, {@code internal.uring}.
 */
@NullMarked
package dev.goasync.internal.backend;

import org.jspecify.annotations.NullMarked;
