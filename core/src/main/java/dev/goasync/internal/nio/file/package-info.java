/** Files of the nio backend, over the JDK's channels. */
@NullMarked
package dev.goasync.internal.nio.file;

import org.jspecify.annotations.NullMarked;
