package dev.goasync.internal.simulated;

import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The TCP and UDP ports of a simulated host. Owned by the world's thread and its coroutines. */
final class Ports {
  /** The range that Linux uses by default. */
  private static final int FIRST_EPHEMERAL = 32_768;

  private static final int EPHEMERAL = 60_999 - FIRST_EPHEMERAL + 1;

  private final HostRun run;
  private final Map<Integer, List<SimulatedListener>> listeners = new HashMap<>();
  private final Map<Integer, List<SimulatedDatagrams>> datagrams = new HashMap<>();

  /** The local ports of connections, per remote address. */
  private final Map<InetSocketAddress, Set<Integer>> connections = new HashMap<>();

  private int cursor;

  Ports(HostRun run) {
    this.run = run;
  }

  /** An address as the kernel reports it: without the name of the host. */
  static InetSocketAddress unnamed(InetAddress address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address.getAddress()), port);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Checks an address to bind.
   *
   * @throws java.net.BindException if it is not one of this host
   */
  InetSocketAddress check(SocketAddress wanted) throws IOException {
    InetSocketAddress local = (InetSocketAddress) wanted;
    InetAddress address = local.getAddress();
    if (!address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.equals(run.host.address())) {
      throw IoErrors.ofBind(Errno.EADDRNOTAVAIL, local);
    }
    return local;
  }

  InetSocketAddress add(SimulatedListener listener, InetSocketAddress wanted, boolean share)
      throws IOException {
    int port = wanted.getPort() != 0 ? wanted.getPort() : freePort(listeners);
    List<SimulatedListener> others = listeners.computeIfAbsent(port, _ -> new ArrayList<>());
    for (SimulatedListener other : others) {
      if (overlap(other.local(), wanted) && !(share && other.sharesPort())) {
        throw IoErrors.ofBind(Errno.EADDRINUSE, wanted);
      }
    }
    others.add(listener);
    return unnamed(wanted.getAddress(), port);
  }

  void remove(SimulatedListener listener) {
    listeners.getOrDefault(listener.local().getPort(), new ArrayList<>()).remove(listener);
  }

  InetSocketAddress add(SimulatedDatagrams socket, InetSocketAddress wanted, boolean share)
      throws IOException {
    int port = wanted.getPort() != 0 ? wanted.getPort() : freePort(datagrams);
    List<SimulatedDatagrams> others = datagrams.computeIfAbsent(port, _ -> new ArrayList<>());
    for (SimulatedDatagrams other : others) {
      if (overlap(other.local(), wanted) && !(share && other.sharesPort())) {
        throw IoErrors.ofBind(Errno.EADDRINUSE, wanted);
      }
    }
    others.add(socket);
    return unnamed(wanted.getAddress(), port);
  }

  void remove(SimulatedDatagrams socket) {
    datagrams.getOrDefault(socket.local().getPort(), new ArrayList<>()).remove(socket);
  }

  private static boolean overlap(InetSocketAddress one, InetSocketAddress two) {
    return one.getAddress().isAnyLocalAddress()
        || two.getAddress().isAnyLocalAddress()
        || one.getAddress().equals(two.getAddress());
  }

  private <T> int freePort(Map<Integer, List<T>> used) throws IOException {
    for (int i = 0; i < EPHEMERAL; i++) {
      int port = nextEphemeral();
      if (used.getOrDefault(port, List.of()).isEmpty()) {
        return port;
      }
    }
    throw IoErrors.ofBind(Errno.EADDRINUSE, run.host + ", which has no free port");
  }

  private int nextEphemeral() {
    return FIRST_EPHEMERAL + cursor++ % EPHEMERAL;
  }

  /**
   * Takes a local port for a connection.
   *
   * @param wanted 0 for any
   * @throws java.net.BindException if the port, or each of them, is in use to that remote address
   */
  int connect(InetSocketAddress remote, int wanted) throws IOException {
    Set<Integer> used = connections.computeIfAbsent(remote, _ -> new HashSet<>());
    if (wanted != 0) {
      if (!used.add(wanted)) {
        throw IoErrors.ofConnect(Errno.EADDRNOTAVAIL, remote);
      }
      return wanted;
    }
    for (int i = 0; i < EPHEMERAL; i++) {
      int port = nextEphemeral();
      if (used.add(port)) {
        return port;
      }
    }
    throw IoErrors.ofConnect(Errno.EADDRNOTAVAIL, remote);
  }

  void disconnect(InetSocketAddress remote, int port) {
    Set<Integer> used = connections.get(remote);
    if (used != null && used.remove(port) && used.isEmpty()) {
      connections.remove(remote);
    }
  }

  /** The listener that a connection to an address goes to; null if none listens there. */
  @Nullable SimulatedListener listenerAt(InetSocketAddress local) {
    List<SimulatedListener> there = listeners.getOrDefault(local.getPort(), List.of());
    List<SimulatedListener> fitting =
        there.stream().filter(each -> overlap(each.local(), local)).toList();
    return fitting.isEmpty() ? null : fitting.get(cursor++ % fitting.size());
  }

  /** The socket that receives a datagram; null if there is none. */
  @Nullable SimulatedDatagrams datagramsAt(InetSocketAddress local, InetSocketAddress from) {
    List<SimulatedDatagrams> there = datagrams.getOrDefault(local.getPort(), List.of());
    List<SimulatedDatagrams> fitting =
        there.stream().filter(each -> overlap(each.local(), local) && each.accepts(from)).toList();
    return fitting.isEmpty() ? null : fitting.get(cursor++ % fitting.size());
  }
}
