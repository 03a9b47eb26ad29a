package dev.goasync.net;

import dev.goasync.GoAsync;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/** Resolves host names: the one place where the JDK's blocking resolver is called. */
final class Names {
  private Names() {}

  /**
   * The addresses of a host, best first. An address literal is one without a look-up.
   *
   * @throws UnknownHostException if there are none; the message names the host
   */
  static InetAddress[] resolve(String host) throws UnknownHostException {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty()) {
      return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }
    try {
      return new InetAddress[] {InetAddress.ofLiteral(host)};
    } catch (IllegalArgumentException aName) {
      return GoAsync.<InetAddress[], UnknownHostException>offload(
          () -> InetAddress.getAllByName(host));
    }
  }

  /** Like the other; an address that has no name stays as it is. */
  static SocketAddress resolve(SocketAddress address) throws UnknownHostException {
    return address instanceof InetSocketAddress inet ? resolve(inet) : address;
  }

  /** An address that is resolved, the same one if it was. */
  static InetSocketAddress resolve(InetSocketAddress address) throws UnknownHostException {
    return address.isUnresolved()
        ? new InetSocketAddress(resolve(address.getHostString())[0], address.getPort())
        : address;
  }
}
