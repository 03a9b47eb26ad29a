/**
 * What every Linux resource shares: descriptors, native buffers, system calls that pause a
 * coroutine or block a thread.
 */
@NullMarked
package dev.goasync.internal.linux.io;

import org.jspecify.annotations.NullMarked;
