/**
 * Chooses the backend: the first that this machine can have, or the one that was asked for.
 *
 * <p>Allowed neighbours: {@code internal.uring}, {@code internal.epoll}, {@code internal.platform},
 * {@code internal.loop}.
 */
@NullMarked
package dev.goasync.internal.backend;

import org.jspecify.annotations.NullMarked;
