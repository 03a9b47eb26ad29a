/**
 * The epoll backend of Linux: an operation is tried at once, and if it would wait, its coroutine
 * pauses until the kernel reports the descriptor ready. What is always ready, such as a file on a
 * disk, and may block all the same, is done by a worker thread.
 */
@NullMarked
package dev.goasync.internal.epoll;

import org.jspecify.annotations.NullMarked;
