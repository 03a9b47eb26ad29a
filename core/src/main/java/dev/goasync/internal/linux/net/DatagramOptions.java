package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.net.Sockets.Name;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Options of datagram sockets, and of packets in general. An IPv6 socket serves both families, so
 * options of packets are set for both there.
 */
final class DatagramOptions {
  private static final int INTERFACE_REQUEST_BYTES = 12;
  private static final int INTERFACE_INDEX_AT = 8;

  private static final Name INTERFACE_V4 = new Name(Linux.IPPROTO_IP, Linux.IP_MULTICAST_IF);
  private static final Name INTERFACE_V6 = new Name(Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_IF);

  private static final Map<SocketOption<?>, Name> OF_SOCKET =
      Map.of(
          StandardSocketOptions.SO_SNDBUF, new Name(Linux.SOL_SOCKET, Linux.SO_SNDBUF),
          StandardSocketOptions.SO_RCVBUF, new Name(Linux.SOL_SOCKET, Linux.SO_RCVBUF),
          StandardSocketOptions.SO_BROADCAST, new Name(Linux.SOL_SOCKET, Linux.SO_BROADCAST),
          StandardSocketOptions.SO_REUSEADDR, new Name(Linux.SOL_SOCKET, Linux.SO_REUSEADDR),
          StandardSocketOptions.SO_REUSEPORT, new Name(Linux.SOL_SOCKET, Linux.SO_REUSEPORT));

  private static final Map<SocketOption<?>, Name> OF_V4 =
      Map.of(
          StandardSocketOptions.IP_TOS, new Name(Linux.IPPROTO_IP, Linux.IP_TOS),
          StandardSocketOptions.IP_MULTICAST_TTL,
              new Name(Linux.IPPROTO_IP, Linux.IP_MULTICAST_TTL),
          StandardSocketOptions.IP_MULTICAST_LOOP,
              new Name(Linux.IPPROTO_IP, Linux.IP_MULTICAST_LOOP));

  private static final Map<SocketOption<?>, Name> OF_V6 =
      Map.of(
          StandardSocketOptions.IP_TOS, new Name(Linux.IPPROTO_IPV6, Linux.IPV6_TCLASS),
          StandardSocketOptions.IP_MULTICAST_TTL,
              new Name(Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_HOPS),
          StandardSocketOptions.IP_MULTICAST_LOOP,
              new Name(Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_LOOP));

  private DatagramOptions() {}

  static <T> void set(Descriptor socket, SocketOption<T> option, T value) throws IOException {
    if (value instanceof NetworkInterface on && option == StandardSocketOptions.IP_MULTICAST_IF) {
      setInterface(socket, on);
      return;
    }
    Name name = OF_SOCKET.get(option);
    if (name != null) {
      Sockets.set(socket, name, option, value);
      return;
    }
    Sockets.set(socket, find(OF_V4, option), option, value);
    if (family(socket) == Linux.AF_INET6) {
      Sockets.set(socket, find(OF_V6, option), option, value);
    }
  }

  static <T> T get(Descriptor socket, SocketOption<T> option) throws IOException {
    Name name = OF_SOCKET.get(option);
    if (name == null) {
      name = find(family(socket) == Linux.AF_INET6 ? OF_V6 : OF_V4, option);
    }
    return Sockets.get(socket, name, option);
  }

  private static Name find(Map<SocketOption<?>, Name> options, SocketOption<?> option) {
    Name name = options.get(option);
    if (name == null) {
      throw new UnsupportedOperationException(option + " is not supported for datagram sockets");
    }
    return name;
  }

  private static int family(Descriptor socket) throws IOException {
    return DescriptorCalls.with(
        socket,
        (calls, fd) -> {
          DescriptorCalls.check(
              calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_DOMAIN, Integer.BYTES), socket);
          return calls.optionInt(0);
        });
  }

  /** Passes a {@code struct ip_mreqn} for IPv4, and the interface's index for IPv6. */
  private static void setInterface(Descriptor socket, NetworkInterface on) throws IOException {
    boolean v6 = family(socket) == Linux.AF_INET6;
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer request = Memory.allocate(arena, INTERFACE_REQUEST_BYTES);
      request.putInt(INTERFACE_INDEX_AT, on.getIndex());
      int result =
          DescriptorCalls.with(
              socket,
              (calls, fd) -> {
                int done =
                    calls.setsockopt(
                        fd,
                        INTERFACE_V4.level(),
                        INTERFACE_V4.number(),
                        Memory.address(request),
                        INTERFACE_REQUEST_BYTES);
                return done == 0 && v6
                    ? calls.setsockopt(
                        fd, INTERFACE_V6.level(), INTERFACE_V6.number(), on.getIndex())
                    : done;
              });
      DescriptorCalls.check(result, socket);
    }
  }
}
