/**
 * The io_uring backend: a coroutine's operation becomes one submission, and one {@code
 * io_uring_enter} per turn carries all submissions and collects all completions.
 *
 * <p>Ownership: a ring belongs to its loop's thread, which alone enters the kernel with it.
 * Coroutines only queue operations, since in portable mode they run on other threads.
 */
@NullMarked
package dev.goasync.internal.uring;

import org.jspecify.annotations.NullMarked;
