/**
 * Byte streams: sources, sinks, read and write buffers, readiness. {@link
 * dev.goasync.io.ByteStream} is the base class of sockets, files, pipes and TLS connections.
 */
@NullMarked
package dev.goasync.io;

import org.jspecify.annotations.NullMarked;
