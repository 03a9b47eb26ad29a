/**
 * TLS over any channel of bytes, by the JDK's {@link javax.net.ssl.SSLEngine}. Begin at {@link
 * dev.goasync.tls.TlsStream}.
 *
 * <p>Allowed neighbours: the root package, {@code io}, {@code net}.
 */
@NullMarked
package dev.goasync.tls;

import org.jspecify.annotations.NullMarked;
