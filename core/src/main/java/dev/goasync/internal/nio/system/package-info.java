/** The standard streams of this process, by the JDK's streams. */
@NullMarked
package dev.goasync.internal.nio.system;

import org.jspecify.annotations.NullMarked;
