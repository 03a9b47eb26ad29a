package dev.goasync.internal.linux;

import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens files and sockets by system calls, for every backend of Linux. */
public final class LinuxPlatform implements Platform {
  /** For rings, where an operation on a non-blocking socket would not wait. */
  public static final LinuxPlatform OF_BLOCKING_SOCKETS = new LinuxPlatform(true);

  /** For those who try, and wait for readiness. */
  public static final LinuxPlatform OF_NON_BLOCKING_SOCKETS = new LinuxPlatform(false);

  private static final int NEW_FILE_MODE = 0666;

  /** Bound on a blocked accept whose connection another took; see BlockingIo. */
  private static final int ACCEPT_TIMEOUT_MICROS = 1000;

  private static final byte[] ANY_V6 = new byte[16];

  private final boolean blocking;

  private LinuxPlatform(boolean blocking) {
    this.blocking = blocking;
  }

  @Override
  public FileHandle openFile(Path path, Set<? extends OpenOption> options) throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is no path of the machine's file system");
    }
    Io io = Io.borrow();
    try (Arena arena = Arena.ofConfined()) {
      long nativePath = Memory.address(Memory.cString(arena, encode(path)));
      int fd = io.openat(nativePath, flags.bits(), NEW_FILE_MODE, path);
      if (fd < 0) {
        throw IoErrors.ofFile(-fd, path.toString());
      }
      if (flags.deleteOnClose()) {
        io.calls().unlinkat(nativePath);
      }
      return new LinuxFile(new Descriptor(fd, path), flags);
    } finally {
      io.giveBack();
    }
  }

  /** The bytes of a path, as the JDK encodes it for the kernel. */
  private static byte[] encode(Path path) {
    String text = path.toString();
    return (text.isEmpty() ? "." : text).getBytes(PathEncoding.CHARSET);
  }

  private static final class PathEncoding {
    static final Charset CHARSET =
        Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());
  }

  @Override
  public StreamHandle connect(InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    InetAddress address = resolved(remote);
    Io io = Io.borrow();
    try (Arena arena = Arena.ofConfined()) {
      int fd = io.calls().tcpSocket(SocketAddresses.family(address), blocking);
      if (fd < 0) {
        throw IoErrors.ofSocket(-fd, remote);
      }
      Descriptor socket = new Descriptor(fd, remote);
      boolean connected = false;
      try {
        ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
        if (local != null) {
          bind(io.calls(), fd, local, encoded);
        }
        int length = SocketAddresses.encode(address, remote.getPort(), encoded);
        int result = io.connect(socket, Memory.address(encoded), length);
        if (result < 0) {
          throw IoErrors.ofConnect(-result, remote);
        }
        connected = true;
        return new LinuxStream(socket, remote);
      } finally {
        if (!connected) {
          socket.close(io);
        }
      }
    } finally {
      io.giveBack();
    }
  }

  private static void bind(SystemCalls calls, int fd, InetSocketAddress local, ByteBuffer encoded)
      throws IOException {
    int length = SocketAddresses.encode(resolved(local), local.getPort(), encoded);
    int result = calls.bind(fd, Memory.address(encoded), length);
    if (result == -Errno.EAFNOSUPPORT || result == -Errno.EINVAL) {
      throw new BindException(local + " is no address of the socket's family");
    }
    if (result < 0) {
      throw IoErrors.ofBind(-result, local);
    }
  }

  @Override
  public ListenerHandle listen(InetSocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    InetAddress address = resolved(local);
    Io io = Io.borrow();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int fd = -Errno.EAFNOSUPPORT;
      if (address.isAnyLocalAddress()) { // both families, as the JDK does
        InetAddress anyV6 = Inet6Address.getByAddress(null, ANY_V6, -1);
        int length = SocketAddresses.encode(anyV6, local.getPort(), encoded);
        fd =
            listen(io.calls(), Linux.AF_INET6, Memory.address(encoded), length, backlog, sharePort);
      }
      if (Sockets.isFamilyMissing(fd)) {
        int family = SocketAddresses.family(address);
        int length = SocketAddresses.encode(address, local.getPort(), encoded);
        fd = listen(io.calls(), family, Memory.address(encoded), length, backlog, sharePort);
      }
      if (fd < 0) {
        throw IoErrors.ofBind(-fd, local);
      }
      boolean told = io.calls().getsockname(fd) == 0; // with the port that was chosen
      Object name = told ? SocketAddresses.decode(io.calls().scratch()) : local;
      return new LinuxListener(new Descriptor(fd, name));
    } finally {
      io.giveBack();
    }
  }

  /** The listening descriptor, or -errno. */
  private int listen(
      SystemCalls calls, int family, long address, int length, int backlog, boolean sharePort) {
    int fd = calls.tcpSocket(family, blocking);
    if (fd < 0) {
      return fd;
    }
    int result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
    if (result == 0 && sharePort) {
      result = calls.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
    }
    if (result == 0 && family == Linux.AF_INET6) {
      result = calls.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0);
    }
    if (result == 0) {
      result = calls.setReceiveTimeout(fd, ACCEPT_TIMEOUT_MICROS);
    }
    if (result == 0) {
      result = calls.bind(fd, address, length);
    }
    if (result == 0) {
      result = calls.listen(fd, backlog);
    }
    if (result < 0) {
      calls.close(fd);
      return result;
    }
    return fd;
  }

  private static InetAddress resolved(InetSocketAddress address) throws UnknownHostException {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      throw new UnknownHostException(address.getHostString());
    }
    return resolved;
  }
}
