/** Runs blocking system calls on worker threads while the coroutine that asked for them pauses. */
@NullMarked
package dev.goasync.internal.worker;

import org.jspecify.annotations.NullMarked;
