/**
 * Other programs, and terminals. Begin at {@link dev.goasync.process.Command}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.platform}, {@code
 * internal.backend}, {@code internal.loop}.
 */
@NullMarked
package dev.goasync.process;

import org.jspecify.annotations.NullMarked;
