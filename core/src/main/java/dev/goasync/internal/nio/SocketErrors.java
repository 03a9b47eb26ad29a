package dev.goasync.internal.nio;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/** The JDK's exceptions of sockets, with the address in the message. */
final class SocketErrors {
  private SocketErrors() {}

  /** The exception of the same meaning that names {@code who}, unless it is one of ours. */
  static IOException naming(IOException thrown, Object who) {
    if (thrown instanceof InterruptedIOException || thrown instanceof ClosedChannelException) {
      return thrown;
    }
    String message = thrown.getMessage() + ": " + who;
    SocketException named =
        switch (thrown) {
          case BindException _ -> new BindException(message);
          case ConnectException _ -> new ConnectException(message);
          case NoRouteToHostException _ -> new NoRouteToHostException(message);
          default -> new SocketException(message);
        };
    named.initCause(thrown);
    return named;
  }
}
