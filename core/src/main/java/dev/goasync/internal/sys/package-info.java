/**
 * The kernel's interface: system calls through the FFM API, structures, errno and its exceptions.
 * No policy; the only state is the memory of a call.
 *
 * <p>The only package that uses {@link java.lang.foreign.Linker}. It has one downcall handle, since
 * the first one costs most of a start-up and each further shape some milliseconds.
 */
@NullMarked
package dev.goasync.internal.sys;

import org.jspecify.annotations.NullMarked;
