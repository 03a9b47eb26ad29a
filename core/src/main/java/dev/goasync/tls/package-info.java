/**
 * TLS over any channel of bytes, by the JDK's {@link javax.net.ssl.SSLEngine}. Begin at {@link
 * dev.goasync.tls.TlsStream}.
 */
@NullMarked
package dev.goasync.tls;

import org.jspecify.annotations.NullMarked;
