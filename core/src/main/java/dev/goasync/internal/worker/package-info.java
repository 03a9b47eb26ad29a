/** Worker threads for blocking system calls; the calling coroutine pauses meanwhile. */
@NullMarked
package dev.goasync.internal.worker;

import org.jspecify.annotations.NullMarked;
