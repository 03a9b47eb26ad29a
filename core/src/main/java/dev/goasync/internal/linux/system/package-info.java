/** The standard streams and the terminal of this process, by Linux system calls. */
@NullMarked
package dev.goasync.internal.linux.system;

import org.jspecify.annotations.NullMarked;
