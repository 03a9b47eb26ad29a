package dev.goasync.net;

import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Backend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/**
 * Looks up the addresses of host names (DNS). In a coroutine a look-up pauses the coroutine; on any
 * other thread it blocks the thread.
 *
 * <pre>{@code
 * List<InetAddress> addresses = HostNames.resolve("example.org");
 * }</pre>
 *
 * <p>The JDK's resolver does the work. It caches results as the JDK's settings say ({@code
 * networkaddress.cache.ttl}, {@code networkaddress.cache.negative.ttl}).
 *
 * <p><b>Threads.</b> Any number of callers may resolve at once. Coroutines that look up the same
 * name at the same time wait for one look-up.
 *
 * <p><b>Cancellation.</b> The coroutine's wait ends at once. The resolver cannot be stopped: the
 * look-up continues without the coroutine, and its result is cached.
 */
public final class HostNames {
  private HostNames() {}

  /**
   * Returns the addresses of a host, best first. An address literal needs no look-up; the empty
   * name is the loopback address.
   *
   * @return at least one address
   * @throws UnknownHostException if the name has no address; the message names the host
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   */
  public static List<InetAddress> resolve(String host) throws UnknownHostException {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty()) {
      return List.of(InetAddress.getLoopbackAddress());
    }
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException isName) {
      Backend own = Backends.ownOfCaller();
      List<InetAddress> simulated = own == null ? null : own.resolve(host);
      if (simulated != null) {
        return simulated;
      }
      DnsLookup lookup = GoAsync.inCoroutine() ? DnsLookup.shared(host) : DnsLookup.blocking(host);
      return lookup.result();
    }
  }

  /** Resolves an Internet address; returns an address of another kind as it is. */
  static SocketAddress resolve(SocketAddress address) throws UnknownHostException {
    return address instanceof InetSocketAddress inet ? resolve(inet) : address;
  }

  /** Returns the same address if it is resolved, else one that is. */
  static InetSocketAddress resolve(InetSocketAddress address) throws UnknownHostException {
    return address.isUnresolved()
        ? new InetSocketAddress(resolve(address.getHostString()).getFirst(), address.getPort())
        : address;
  }
}
