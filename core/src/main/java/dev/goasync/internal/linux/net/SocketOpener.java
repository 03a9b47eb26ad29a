package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Opens sockets: connects, binds, listens. */
public final class SocketOpener {
  /** The longest block of an accept whose connection another accept took; see BlockingIo. */
  private static final int ACCEPT_TIMEOUT_MICROS = 1000;

  private static final byte[] ANY_V6 = new byte[16];

  /** A step in setting up a new socket. */
  @FunctionalInterface
  private interface Step {
    /** Returns 0 or -errno. */
    int on(SystemCalls calls, int fd);
  }

  /** A socket's type, and the steps before and after the bind. */
  private record Recipe(int type, Step before, Step after) {}

  private final boolean blocking;

  /**
   * Opens sockets for one backend.
   *
   * @param blocking whether sockets are blocking, for io_uring
   */
  public SocketOpener(boolean blocking) {
    this.blocking = blocking;
  }

  /** Connects a stream socket; see {@code Platform.connect}. */
  public StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    LinuxUnconnected socket = LinuxUnconnected.forFamilyOf(remote, blocking);
    boolean connected = false;
    try {
      if (local != null) {
        socket.bind(local);
      }
      StreamHandle stream = socket.connect(remote, Pollable.Timed.NO_TIMEOUT);
      connected = true;
      return stream;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  /** Opens a TCP socket; see {@code Platform.openTcp}. */
  public UnconnectedHandle openTcp(boolean listening) throws IOException {
    LinuxUnconnected socket = LinuxUnconnected.ofTcp(blocking);
    if (!listening) {
      return socket;
    }
    boolean prepared = false;
    try {
      DescriptorCalls.check(
          DescriptorCalls.with(socket.descriptor(), toListen(false)::on), "a new socket");
      prepared = true;
      return socket;
    } finally {
      if (!prepared) {
        socket.close();
      }
    }
  }

  /** Listens at an address; see {@code Platform.listen}. */
  public LinuxListener listen(SocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    Step listen = (calls, fd) -> calls.listen(fd, backlog);
    return new LinuxListener(
        bind(local, new Recipe(Linux.SOCK_STREAM, toListen(sharePort), listen)));
  }

  private static Step toListen(boolean sharePort) {
    return (calls, fd) -> {
      int result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
      if (result == 0 && sharePort) {
        result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
      }
      return result == 0 ? limitAccept(calls, fd) : result;
    };
  }

  /** Limits how long an accept blocks inside the kernel; returns 0 or -errno. */
  public static int limitAccept(SystemCalls calls, int fd) {
    return calls.setTimeout(fd, Linux.SO_RCVTIMEO, ACCEPT_TIMEOUT_MICROS);
  }

  /** Opens a datagram socket; see {@code Platform.openDatagrams}. */
  public LinuxDatagrams openDatagrams(SocketAddress local, boolean sharePort) throws IOException {
    Step prepare =
        (calls, fd) -> {
          int result = 0;
          if (sharePort) {
            result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
          }
          if (result == 0 && sharePort) {
            result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
          }
          return result;
        };
    return new LinuxDatagrams(bind(local, new Recipe(Linux.SOCK_DGRAM, prepare, (_, _) -> 0)));
  }

  /** Opens a bound socket. The wildcard address stands for both families, as in the JDK. */
  private Descriptor bind(SocketAddress local, Recipe recipe) throws IOException {
    int family = SocketAddresses.family(local);
    LinuxIo io = LinuxIo.acquire();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int fd = -Errno.EAFNOSUPPORT;
      if (local instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()) {
        var anyV6 =
            new InetSocketAddress(Inet6Address.getByAddress(null, ANY_V6, -1), inet.getPort());
        int length = SocketAddresses.encode(anyV6, encoded);
        fd = bind(io.calls(), Linux.AF_INET6, recipe, Memory.address(encoded), length);
      }
      if (Sockets.isFamilyMissing(fd)) {
        int length = SocketAddresses.encode(local, encoded);
        fd = bind(io.calls(), family, recipe, Memory.address(encoded), length);
      }
      if (fd < 0) {
        throw IoErrors.ofBind(-fd, local);
      }
      boolean known = io.calls().getsockname(fd) == 0; // with the port that the kernel chose
      return new Descriptor(fd, known ? SocketAddresses.decode(io.calls()) : local);
    } finally {
      io.release();
    }
  }

  /** Returns the bound descriptor, or -errno. */
  private int bind(SystemCalls calls, int family, Recipe recipe, long address, int length) {
    int fd = calls.socket(family, recipe.type, blocking);
    if (fd < 0) {
      return fd;
    }
    int result = recipe.before.on(calls, fd);
    if (result == 0 && family == Linux.AF_INET6) {
      result = calls.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0);
    }
    if (result == 0) {
      result = calls.bind(fd, address, length);
    }
    if (result == 0) {
      result = recipe.after.on(calls, fd);
      if (result < 0 && family == Linux.AF_UNIX) { // the bind has created a file, if it has a path
        calls.unlinkat(address + SocketAddresses.UNIX_PATH_AT);
      }
    }
    if (result < 0) {
      calls.close(fd);
      return result;
    }
    return fd;
  }
}
