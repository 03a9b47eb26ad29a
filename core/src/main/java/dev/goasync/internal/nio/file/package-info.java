/** Files by the JDK's channels. */
@NullMarked
package dev.goasync.internal.nio.file;

import org.jspecify.annotations.NullMarked;
