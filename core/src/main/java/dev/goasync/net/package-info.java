/**
 * Sockets, servers, datagrams, host names and descriptor passing. Begin at {@link
 * dev.goasync.net.AsyncSocket} and {@link dev.goasync.net.Server}.
 */
@NullMarked
package dev.goasync.net;

import org.jspecify.annotations.NullMarked;
