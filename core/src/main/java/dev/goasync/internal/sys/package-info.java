/**
 * The kernel's interface as Java sees it: system calls through the FFM API, structures, errno, and
 * what the JDK's exceptions say of an errno. No policy, no state but the memory of a call.
 *
 * <p>The only package that uses {@link java.lang.foreign.Linker}. It makes one single downcall
 * handle, since the first costs most of a start-up and each further shape some milliseconds.
 */
@NullMarked
package dev.goasync.internal.sys;

import org.jspecify.annotations.NullMarked;
