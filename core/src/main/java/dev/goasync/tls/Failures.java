package dev.goasync.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channel;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

/** The exceptions of TLS connections, with their messages. */
final class Failures {
  /** The types of records: change_cipher_spec, alert, handshake, application_data. */
  private static final int FIRST_TYPE = 20;

  private static final int LAST_TYPE = 23;

  private Failures() {}

  /** The channel ended during the handshake. */
  static SSLException endInHandshake() {
    return caused(
        new SSLHandshakeException("the peer ended the connection during the handshake"),
        new EOFException());
  }

  /** The channel ended without the peer's close_notify. */
  static SSLException truncated() {
    return caused(
        new SSLException(
            "the connection ended without a close_notify: data may be missing, because of a fault"
                + " or an attack"),
        new EOFException());
  }

  /** The peer started a renegotiation, which exists in TLS 1.2 only. */
  static SSLException renegotiation() {
    return new SSLException(
        "the peer started a renegotiation, which is refused; request a client's certificate in the"
            + " first handshake, or use TLS 1.3");
  }

  /** An unchecked exception of an engine, which SSLEngine does not declare. */
  static SSLException ofEngine(RuntimeException failed) {
    return caused(new SSLException("the TLS engine failed: " + failed), failed);
  }

  /** A write after the peer's close_notify, which ended both directions. */
  static IOException closedByPeer(Channel channel) {
    return new IOException(channel + ": cannot write, the peer closed the connection");
  }

  /** A write after the end of the output. Not a failure of the connection: reading goes on. */
  static IOException outputEnded(Channel channel) {
    return new IOException(channel + ": cannot write, the output was shut down");
  }

  /**
   * A failure of the handshake.
   *
   * @param type the type of the last record, or -1
   */
  static SSLException inHandshake(Exception failed, int type) {
    if (failed instanceof SSLException ofEngine) {
      return type < 0 || (type >= FIRST_TYPE && type <= LAST_TYPE)
          ? ofEngine
          : caused(
              new SSLException("the peer does not speak TLS: " + ofEngine.getMessage()), ofEngine);
    }
    return caused(new SSLException("a key manager or trust manager failed: " + failed), failed);
  }

  /** A new exception of the same type with the channel's name, for one caller. */
  static SSLException at(Channel channel, SSLException failure) {
    String message = channel + ": " + failure.getMessage();
    SSLException located =
        switch (failure) {
          case SSLHandshakeException _ -> new SSLHandshakeException(message);
          case SSLProtocolException _ -> new SSLProtocolException(message);
          case SSLPeerUnverifiedException _ -> new SSLPeerUnverifiedException(message);
          case SSLKeyException _ -> new SSLKeyException(message);
          default -> new SSLException(message);
        };
    return caused(located, failure.getCause() instanceof EOFException end ? end : failure);
  }

  private static SSLException caused(SSLException failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }
}
