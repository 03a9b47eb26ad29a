package dev.goasync.net;

import dev.goasync.GoAsync;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/**
 * Addresses of hosts. In a coroutine a look-up pauses the coroutine; on any other thread it blocks
 * the thread.
 *
 * <pre>{@code
 * List<InetAddress> addresses = HostNames.resolve("example.org");
 * }</pre>
 *
 * <p>The JDK's resolver is asked, and it remembers what it found for as long as the JDK's settings
 * say ({@code networkaddress.cache.ttl}, {@code networkaddress.cache.negative.ttl}).
 *
 * <p><b>Threads.</b> Any number may resolve at once; who asks for a name that is being looked up
 * for another coroutine waits for the same look-up.
 *
 * <p><b>Cancellation.</b> The wait ends at once. The resolver cannot be stopped: the look-up goes
 * on without the coroutine, and what it finds is remembered.
 */
public final class HostNames {
  private HostNames() {}

  /**
   * The addresses of a host, best first. An address literal is one without a look-up, and the empty
   * name is the loopback address.
   *
   * @return at least one
   * @throws UnknownHostException if there is none; the message names the host
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   */
  public static List<InetAddress> resolve(String host) throws UnknownHostException {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty()) {
      return List.of(InetAddress.getLoopbackAddress());
    }
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException aName) {
      DnsLookup lookUp = GoAsync.inCoroutine() ? DnsLookup.shared(host) : DnsLookup.here(host);
      return lookUp.result();
    }
  }

  /** Like the other; an address that has no name stays as it is. */
  static SocketAddress resolve(SocketAddress address) throws UnknownHostException {
    return address instanceof InetSocketAddress inet ? resolve(inet) : address;
  }

  /** An address that is resolved, the same one if it was. */
  static InetSocketAddress resolve(InetSocketAddress address) throws UnknownHostException {
    return address.isUnresolved()
        ? new InetSocketAddress(resolve(address.getHostString()).getFirst(), address.getPort())
        : address;
  }
}
