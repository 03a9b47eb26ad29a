/**
 * TLS over any byte channel, by {@link javax.net.ssl.SSLEngine}s of the JDK or of other providers.
 * Begin at {@link dev.goasync.tls.TlsStream}.
 */
@NullMarked
package dev.goasync.tls;

import org.jspecify.annotations.NullMarked;
