/**
 * Sockets and servers. Begin at {@link dev.goasync.net.AsyncSocket} and {@link
 * dev.goasync.net.Server}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code file}, {@code sync}, {@code
 * internal.handle}, {@code internal.platform}, {@code internal.backend}.
 */
@NullMarked
package dev.goasync.net;

import org.jspecify.annotations.NullMarked;
