/**
 * Base of all Linux resources: descriptors, native buffers, and system calls that pause a coroutine
 * or block a thread.
 */
@NullMarked
package dev.goasync.internal.linux.io;

import org.jspecify.annotations.NullMarked;
