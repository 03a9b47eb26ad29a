/**
 * Socket factories for libraries that use {@code java.net}: their sockets pause a coroutine instead
 * of blocking its loop. Begin at {@link dev.goasync.bridge.LoopSocketFactory}.
 */
@NullMarked
package dev.goasync.bridge;

import org.jspecify.annotations.NullMarked;
