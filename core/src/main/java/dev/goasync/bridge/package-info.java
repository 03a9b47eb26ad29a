/**
 * Sockets of {@code java.net} for libraries that take a factory of them, which pause a coroutine
 * instead of blocking its loop. Begin at {@link dev.goasync.bridge.LoopSocketFactory}.
 */
@NullMarked
package dev.goasync.bridge;

import org.jspecify.annotations.NullMarked;
