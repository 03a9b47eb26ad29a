/** Waits for channels with JDK selectors, on loops and on plain threads. */
@NullMarked
package dev.goasync.internal.nio.io;

import org.jspecify.annotations.NullMarked;
