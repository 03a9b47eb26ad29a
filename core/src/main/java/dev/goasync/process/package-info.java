/**
 * Other programs, and how this one was started: its terminal and standard streams. Begin at {@link
 * dev.goasync.process.Command} and {@link dev.goasync.process.StandardStream}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.handle}, {@code
 * internal.platform}, {@code internal.backend}, {@code internal.loop}.
 */
@NullMarked
package dev.goasync.process;

import org.jspecify.annotations.NullMarked;
