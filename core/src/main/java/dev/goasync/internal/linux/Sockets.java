package dev.goasync.internal.linux;

import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.SocketHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;

/** Addresses, options and readiness of open sockets. */
final class Sockets {
  /** An option's numbers. */
  record Name(int level, int number) {}

  private static final int LINGER_BYTES = 8;

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

  /** A call on an open socket. */
  interface Call<R> {
    R on(SystemCalls calls, int fd) throws IOException;
  }

  private Sockets() {}

  static <R> R with(Descriptor socket, Call<R> call) throws IOException {
    Io io = Io.borrow();
    try {
      int fd = socket.enter(io.use());
      try {
        return call.on(io.calls(), fd);
      } finally {
        socket.leave(io.use(), io.calls());
      }
    } finally {
      io.giveBack();
    }
  }

  /** One try, which returns a count or -errno. */
  @FunctionalInterface
  interface Try {
    int with(Io io, int fd) throws IOException;
  }

  /**
   * Tries without waiting, and waits for readiness in between; returns a count, or -errno.
   * Cancelled, nothing has happened.
   */
  static int untilDone(Descriptor socket, int events, Try operation) throws IOException {
    Io io = Io.borrow();
    try {
      while (true) {
        io.beginWithoutPause();
        int result = once(io, socket, operation);
        if (result == -Errno.EAGAIN) {
          int ready = io.awaitReady(socket, events);
          if (ready < 0) {
            return ready;
          }
        } else if (result != -Errno.EINTR) {
          return result;
        }
      }
    } finally {
      io.giveBack();
    }
  }

  private static int once(Io io, Descriptor socket, Try operation) throws IOException {
    int fd = socket.enter(io.use());
    try {
      return operation.with(io, fd);
    } finally {
      socket.leave(io.use(), io.calls());
    }
  }

  static void check(int result, Object socket) throws IOException {
    if (result < 0) {
      throw IoErrors.ofSocket(-result, socket);
    }
  }

  static SocketAddress localAddress(Descriptor socket) throws IOException {
    return with(
        socket,
        (calls, fd) -> {
          check(calls.getsockname(fd), socket);
          return SocketAddresses.decode(calls);
        });
  }

  static SocketAddress remoteAddress(Descriptor socket) throws IOException {
    return with(
        socket,
        (calls, fd) -> {
          check(calls.getpeername(fd), socket);
          return SocketAddresses.decode(calls);
        });
  }

  /** The peer of a socket that is not shared yet; a placeholder if it is gone already. */
  static Object peerName(SystemCalls calls, int fd) {
    return calls.getpeername(fd) == 0
        ? SocketAddresses.decode(calls)
        : "a connection whose peer has gone";
  }

  static <T> void setOption(Descriptor socket, SocketOption<T> option, T value) throws IOException {
    if (option == StandardSocketOptions.IP_TOS) { // of packets, whatever the kind of socket
      DatagramOptions.set(socket, option, value);
      return;
    }
    set(socket, find(option), option, value);
  }

  static <T> void set(Descriptor socket, Name name, SocketOption<T> option, T value)
      throws IOException {
    if (value == null) {
      throw new IllegalArgumentException("no value for " + option);
    }
    with(
        socket,
        (calls, fd) -> {
          if (option == StandardSocketOptions.SO_LINGER) {
            int seconds = (Integer) value;
            int on = seconds >= 0 ? 1 : 0;
            int kept = Math.clamp(seconds, 0, 0xFFFF);
            check(calls.setsockopt(fd, name.level, name.number, on, kept, LINGER_BYTES), socket);
          } else {
            int number =
                value instanceof Boolean flag ? (flag ? 1 : 0) : notNegative(option, value);
            check(calls.setsockopt(fd, name.level, name.number, number), socket);
          }
          return value;
        });
  }

  private static int notNegative(SocketOption<?> option, Object value) {
    int number = (Integer) value;
    if (number < 0) {
      throw new IllegalArgumentException(option + " must not be negative: " + number);
    }
    return number;
  }

  static <T> T getOption(Descriptor socket, SocketOption<T> option) throws IOException {
    if (option == StandardSocketOptions.IP_TOS) {
      return DatagramOptions.get(socket, option);
    }
    return get(socket, find(option), option);
  }

  static <T> T get(Descriptor socket, Name name, SocketOption<T> option) throws IOException {
    return with(
        socket,
        (calls, fd) -> {
          boolean linger = option == StandardSocketOptions.SO_LINGER;
          int bytes = linger ? LINGER_BYTES : Integer.BYTES;
          check(calls.getsockopt(fd, name.level, name.number, bytes), socket);
          int first = calls.optionInt(0);
          Object value;
          if (linger) {
            value = first == 0 ? -1 : calls.optionInt(1);
          } else if (option.type() == Boolean.class) {
            value = first != 0;
          } else {
            value = first;
          }
          return option.type().cast(value);
        });
  }

  private static Name find(SocketOption<?> option) {
    Name name = OPTIONS.get(option);
    if (name == null) {
      throw new UnsupportedOperationException(option + " is not supported for stream sockets");
    }
    return name;
  }

  /** Ends one or both directions; returns 0 or -errno. */
  static int shutdown(Descriptor socket, int how) throws IOException {
    return with(socket, (calls, fd) -> calls.shutdown(fd, how));
  }

  /** Closes; not cancellable. */
  static void close(Descriptor socket) throws IOException {
    Io io = Io.borrow();
    try {
      check(socket.close(io), socket);
    } finally {
      io.giveBack();
    }
  }

  static boolean isReady(Descriptor socket, Pollable.Direction direction) throws IOException {
    return with(
        socket,
        (calls, fd) -> {
          int ready;
          do {
            ready = calls.pollNow(fd, events(direction));
          } while (ready == -Errno.EINTR);
          check(ready, socket);
          return ready > 0;
        });
  }

  static void awaitReady(Descriptor socket, Pollable.Direction direction, long threadLimitNanos)
      throws IOException {
    Io io = Io.borrow(threadLimitNanos);
    try {
      check(io.awaitReady(socket, events(direction)), socket);
    } finally {
      io.giveBack();
    }
  }

  private static int events(Pollable.Direction direction) {
    return direction == Pollable.Direction.INPUT ? Linux.POLLIN | Linux.POLLRDHUP : Linux.POLLOUT;
  }

  /** What an errno of a call that makes sockets means, if it is no fault of the address. */
  static boolean isFamilyMissing(int result) {
    return result == -Errno.EAFNOSUPPORT || result == -Errno.EADDRNOTAVAIL;
  }
}
