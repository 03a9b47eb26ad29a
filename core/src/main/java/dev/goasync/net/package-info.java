/**
 * TCP sockets. Begin at {@link dev.goasync.net.AsyncSocket} and {@link
 * dev.goasync.net.AsyncServerSocket}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code internal.platform}, {@code
 * internal.backend}.
 */
@NullMarked
package dev.goasync.net;

import org.jspecify.annotations.NullMarked;
