/**
 * Signals that the system or another process sends: Ctrl-C, a terminal that was resized, a child
 * that ended. Begin at {@link dev.goasync.signal.Signals}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.loop}.
 */
@NullMarked
package dev.goasync.signal;

import org.jspecify.annotations.NullMarked;
