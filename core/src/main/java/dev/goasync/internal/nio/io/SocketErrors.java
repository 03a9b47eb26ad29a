package dev.goasync.internal.nio.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;

/** The JDK's exceptions of sockets, with the address in the message. */
public final class SocketErrors {
  private SocketErrors() {}

  /** The exception of the same meaning that names {@code who}, unless it is one of ours. */
  public static IOException naming(IOException thrown, Object who) {
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

  public static UnsupportedOperationException noDescriptors(String what) {
    return new UnsupportedOperationException(
        "the nio backend cannot "
            + what
            + " descriptors, since the JDK knows none; use one of Linux's backends");
  }

  public static void checkResolved(SocketAddress address) throws UnknownHostException {
    switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new UnknownHostException(inet.getHostString());
      case InetSocketAddress _, UnixDomainSocketAddress _ -> {}
      default -> throw new UnsupportedAddressTypeException();
    }
  }
}
