/** Child processes by Linux system calls: starting, waiting, pipes, pseudo terminals. */
@NullMarked
package dev.goasync.internal.linux.process;

import org.jspecify.annotations.NullMarked;
