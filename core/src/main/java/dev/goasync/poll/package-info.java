/**
 * Waiting for descriptors and channels that other libraries have opened, and do I/O on: begin at
 * {@link dev.goasync.poll.PollHandle}.
 *
 * <p>Allowed neighbours: {@code io}, {@code internal.handle}, {@code internal.platform}, {@code
 * internal.backend}.
 */
@NullMarked
package dev.goasync.poll;

import org.jspecify.annotations.NullMarked;
