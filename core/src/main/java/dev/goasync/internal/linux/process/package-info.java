/** Child processes by Linux system calls: launch, exit status, pipes, pseudo terminals. */
@NullMarked
package dev.goasync.internal.linux.process;

import org.jspecify.annotations.NullMarked;
