package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.platform.SocketHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/** Addresses and options of open sockets. */
final class Sockets {
  /** An option's level and number. */
  record Name(int level, int number) {}

  private static final int LINGER_BYTES = 8;

  /** The smallest receive buffer that the JDK sets. */
  private static final int MIN_RECEIVE_BUFFER = 1024;

  private static final Map<SocketOption<?>, Name> OPTIONS =
      Map.of(
          StandardSocketOptions.TCP_NODELAY, new Name(Linux.IPPROTO_TCP, Linux.TCP_NODELAY),
          StandardSocketOptions.SO_KEEPALIVE, new Name(Linux.SOL_SOCKET, Linux.SO_KEEPALIVE),
          StandardSocketOptions.SO_SNDBUF, new Name(Linux.SOL_SOCKET, Linux.SO_SNDBUF),
          StandardSocketOptions.SO_RCVBUF, new Name(Linux.SOL_SOCKET, Linux.SO_RCVBUF),
          StandardSocketOptions.SO_LINGER, new Name(Linux.SOL_SOCKET, Linux.SO_LINGER),
          StandardSocketOptions.SO_REUSEADDR, new Name(Linux.SOL_SOCKET, Linux.SO_REUSEADDR),
          StandardSocketOptions.SO_REUSEPORT, new Name(Linux.SOL_SOCKET, Linux.SO_REUSEPORT),
          SocketHandle.URGENT_INLINE, new Name(Linux.SOL_SOCKET, Linux.SO_OOBINLINE));

  /** Options of the module jdk.net, which this module does not require. */
  private static final Map<String, Name> EXTENDED =
      Map.of(
          "TCP_KEEPIDLE", new Name(Linux.IPPROTO_TCP, Linux.TCP_KEEPIDLE),
          "TCP_KEEPINTERVAL", new Name(Linux.IPPROTO_TCP, Linux.TCP_KEEPINTVL),
          "TCP_KEEPCOUNT", new Name(Linux.IPPROTO_TCP, Linux.TCP_KEEPCNT),
          "TCP_QUICKACK", new Name(Linux.IPPROTO_TCP, Linux.TCP_QUICKACK),
          "SO_INCOMING_NAPI_ID", new Name(Linux.SOL_SOCKET, Linux.SO_INCOMING_NAPI_ID));

  private static final String EXTENDED_CLASS = "jdk.net.ExtendedSocketOptions$";


  private Sockets() {}

  static SocketAddress localAddress(Descriptor socket) throws IOException {
    return DescriptorCalls.with(
        socket,
        (calls, fd) -> {
          DescriptorCalls.check(calls.getsockname(fd), socket);
          return SocketAddresses.decode(calls);
        });
  }

  static SocketAddress remoteAddress(Descriptor socket) throws IOException {
    return DescriptorCalls.with(
        socket,
        (calls, fd) -> {
          DescriptorCalls.check(calls.getpeername(fd), socket);
          return SocketAddresses.decode(calls);
        });
  }

  /** The peer's address of a new socket; a placeholder if the peer has disconnected already. */
  static Object peerName(SystemCalls calls, int fd) {
    return calls.getpeername(fd) == 0
        ? SocketAddresses.decode(calls)
        : "a connection whose peer has disconnected";
  }

  static <T> void setOption(Descriptor socket, SocketOption<T> option, T value) throws IOException {
    if (option == StandardSocketOptions.IP_TOS) { // set for both families
      DatagramOptions.set(socket, option, value);
      return;
    }
    set(socket, find(option), option, value);
  }

  static <T> void set(Descriptor socket, Name name, SocketOption<T> option, T value)
      throws IOException {
    if (value == null) {
      throw new IllegalArgumentException("value of " + option + " is null");
    }
    DescriptorCalls.with(
        socket,
        (calls, fd) -> {
          if (option == StandardSocketOptions.SO_LINGER) {
            int seconds = (Integer) value;
            int on = seconds >= 0 ? 1 : 0;
            int kept = Math.clamp(seconds, 0, 0xFFFF);
            DescriptorCalls.check(
                calls.setsockopt(fd, name.level, name.number, on, kept, LINGER_BYTES), socket);
          } else {
            int number = value instanceof Boolean flag ? (flag ? 1 : 0) : toNumber(option, value);
            DescriptorCalls.check(calls.setsockopt(fd, name.level, name.number, number), socket);
          }
          return value;
        });
  }

  /** Checks the range of a number, and adapts it as the JDK does. */
  private static int toNumber(SocketOption<?> option, Object value) {
    int number = (Integer) value;
    if (number < 0 && !isExtended(option)) { // the kernel checks the extended options
      throw new IllegalArgumentException(option + " is negative: " + number);
    }
    if (option == StandardSocketOptions.IP_TOS && number > 0xFF) {
      throw new IllegalArgumentException(option + " is greater than 255: " + number);
    }
    return option == StandardSocketOptions.SO_RCVBUF
        ? Math.max(number, MIN_RECEIVE_BUFFER)
        : number;
  }

  static <T> T getOption(Descriptor socket, SocketOption<T> option) throws IOException {
    if (option == StandardSocketOptions.IP_TOS) {
      return DatagramOptions.get(socket, option);
    }
    return get(socket, find(option), option);
  }

  static <T> T get(Descriptor socket, Name name, SocketOption<T> option) throws IOException {
    return DescriptorCalls.with(
        socket,
        (calls, fd) -> {
          boolean linger = option == StandardSocketOptions.SO_LINGER;
          int bytes = linger ? LINGER_BYTES : Integer.BYTES;
          DescriptorCalls.check(calls.getsockopt(fd, name.level, name.number, bytes), socket);
          int first = calls.optionInt(0);
          Object value;
          if (linger) {
            value = first == 0 ? -1 : calls.optionInt(1);
          } else if (option.type() == Boolean.class) {
            value = first != 0;
          } else if (isBufferSize(option)) {
            value = first / 2;
          } else {
            value = first;
          }
          return option.type().cast(value);
        });
  }

  private static boolean isExtended(SocketOption<?> option) {
    return option.getClass().getName().startsWith(EXTENDED_CLASS);
  }

  /** The kernel doubles the size that is set, for its bookkeeping; the JDK reports the half. */
  private static boolean isBufferSize(SocketOption<?> option) {
    return option == StandardSocketOptions.SO_SNDBUF || option == StandardSocketOptions.SO_RCVBUF;
  }

  private static Name find(SocketOption<?> option) {
    Name name = OPTIONS.get(option);
    if (name == null && isExtended(option)) {
      name = EXTENDED.get(option.name());
    }
    if (name == null) {
      throw new UnsupportedOperationException(option + " is not supported for stream sockets");
    }
    return name;
  }

  /** Shuts down one direction; returns 0 or -errno. */
  static int shutdown(Descriptor socket, int how) throws IOException {
    return DescriptorCalls.with(socket, (calls, fd) -> calls.shutdown(fd, how));
  }

  /** Whether a result of {@code socket} or {@code bind} means that the machine lacks the family. */
  static boolean isFamilyMissing(int result) {
    return result == -Errno.EAFNOSUPPORT || result == -Errno.EADDRNOTAVAIL;
  }
}
