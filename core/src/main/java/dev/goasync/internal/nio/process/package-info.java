/** Child processes by the JDK's Process, and pipes relayed by threads. */
@NullMarked
package dev.goasync.internal.nio.process;

import org.jspecify.annotations.NullMarked;
