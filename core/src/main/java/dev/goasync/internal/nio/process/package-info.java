/** Child processes by the JDK's Process, and their pipes by threads that block. */
@NullMarked
package dev.goasync.internal.nio.process;

import org.jspecify.annotations.NullMarked;
