/**
 * The conformance of {@link dev.goasync.tls.TlsStream} over the engines of four providers, against
 * each other and against the JDK's blocking TLS sockets.
 */
@NullMarked
package dev.goasync.interop.tls;

import org.jspecify.annotations.NullMarked;
