package dev.goasync.tls;

import dev.goasync.GoAsync;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Channel;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

/** What goes wrong, told so that one can mend it. */
final class Failures {
  /** The types of records: change of ciphers, alert, handshake, data. */
  private static final int FIRST_TYPE = 20;

  private static final int LAST_TYPE = 23;

  private Failures() {}

  /** What the channel's end in the midst of the handshake is. */
  static SSLException endInHandshake() {
    return caused(
        new SSLHandshakeException("the peer ended the connection in the midst of the handshake"),
        new EOFException());
  }

  /** What the channel's end is when the peer has not announced it. */
  static SSLException truncated() {
    return caused(
        new SSLException(
            "the connection ended without a close_notify: what came may not be all, by fault or by"
                + " attack"),
        new EOFException());
  }

  /** What TLS 1.2 alone knows. */
  static SSLException renegotiation() {
    return new SSLException(
        "the peer wants to renegotiate, which is refused; ask for a client's certificate in the"
            + " first handshake, or use TLS 1.3");
  }

  /** Not one of the connection as such: reading goes on. */
  static IOException outputEnded(Channel channel) {
    return new IOException(channel + ": no more can be written, the output was shut down");
  }

  /**
   * A failure of the handshake.
   *
   * @param type of the record that came last, or -1
   */
  static SSLException inHandshake(Exception failed, int type) {
    if (failed instanceof SSLException told) {
      return type < 0 || (type >= FIRST_TYPE && type <= LAST_TYPE)
          ? told
          : caused(new SSLException("the peer does not speak TLS: " + told.getMessage()), told);
    }
    return caused(new SSLException("a key manager or trust manager failed: " + failed), failed);
  }

  /** The same failure with the place where it happened, for one of those whom it concerns. */
  static SSLException at(Channel channel, SSLException failure) {
    String message = channel + ": " + failure.getMessage();
    SSLException told =
        switch (failure) {
          case SSLHandshakeException _ -> new SSLHandshakeException(message);
          case SSLProtocolException _ -> new SSLProtocolException(message);
          case SSLPeerUnverifiedException _ -> new SSLPeerUnverifiedException(message);
          case SSLKeyException _ -> new SSLKeyException(message);
          default -> new SSLException(message);
        };
    return caused(told, failure.getCause() instanceof EOFException end ? end : failure);
  }

  private static SSLException caused(SSLException failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }

  /** Waits, and tells of a plain thread's interrupt as input and output do. */
  static void await(Runnable wait) throws InterruptedIOException {
    try {
      wait.run();
    } catch (CancellationException cancelled) {
      if (GoAsync.inCoroutine()) {
        throw cancelled;
      }
      var interrupted = new InterruptedIOException(cancelled.getMessage());
      interrupted.initCause(cancelled);
      throw interrupted;
    }
  }
}
