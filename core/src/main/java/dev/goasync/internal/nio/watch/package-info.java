/** File watching of the nio backend, over the JDK's watch service. */
@NullMarked
package dev.goasync.internal.nio.watch;

import org.jspecify.annotations.NullMarked;
