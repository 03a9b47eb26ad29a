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

/** Adds the address to the messages of the JDK's socket exceptions. */
public final class SocketErrors {
  private SocketErrors() {}

  /** Returns an exception of the same type whose message ends with the address. */
  public static IOException naming(IOException thrown, Object address) {
    if (thrown instanceof InterruptedIOException || thrown instanceof ClosedChannelException) {
      return thrown;
    }
    String message = thrown.getMessage() + ": " + address;
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

  /** The exception for an operation on descriptors, which this backend does not have. */
  public static UnsupportedOperationException noDescriptors(String what) {
    return new UnsupportedOperationException(
        "the nio backend cannot "
            + what
            + " descriptors, since the JDK has no such call; use a Linux backend");
  }

  /** Throws if the address is unresolved or not a type that sockets have. */
  public static void checkResolved(SocketAddress address) throws UnknownHostException {
    switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new UnknownHostException(inet.getHostString());
      case InetSocketAddress _, UnixDomainSocketAddress _ -> {}
      default -> throw new UnsupportedAddressTypeException();
    }
  }
}
