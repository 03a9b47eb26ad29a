/**
 * The epoll backend of Linux: an operation is attempted at once; if it would wait, its coroutine
 * pauses until the kernel reports the descriptor ready. Operations on regular files, which are
 * always ready and may still block, run on worker threads.
 */
@NullMarked
package dev.goasync.internal.epoll;

import org.jspecify.annotations.NullMarked;
