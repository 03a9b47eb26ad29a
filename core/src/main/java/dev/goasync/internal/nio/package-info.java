/**
 * The backend that runs everywhere: channels and selectors of the JDK, no native access.
 *
 * <p>Sockets are never blocking. Whoever finds nothing to do waits for readiness: a coroutine in
 * its loop's selector, a plain thread in one that it borrows. Files are {@code FileChannel}s on
 * worker threads, for their operations block, and an interrupt would close them.
 */
@NullMarked
package dev.goasync.internal.nio;

import org.jspecify.annotations.NullMarked;
