/**
 * The portable backend: channels and selectors of the JDK, without native access.
 *
 * <p>Sockets are non-blocking. An operation that finds nothing waits for readiness: a coroutine in
 * its loop's selector, a plain thread in a selector of its own. Files are {@code FileChannel}s on
 * worker threads, since their operations block and an interrupt would close them.
 */
@NullMarked
package dev.goasync.internal.nio;

import org.jspecify.annotations.NullMarked;
