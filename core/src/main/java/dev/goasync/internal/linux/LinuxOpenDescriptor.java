package dev.goasync.internal.linux;

import dev.goasync.internal.linux.file.LinuxFile;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.net.LinuxListener;
import dev.goasync.internal.linux.net.LinuxStream;
import dev.goasync.internal.linux.net.SocketOpener;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.OpenDescriptor;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.OpenFlags;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that another library or process opened.
 *
 * <p>The opener may still have the open file by another number. So the descriptor counts as {@link
 * Descriptor#markShared shared}, and flags of the open file are changed only where an operation
 * needs it: a listening socket becomes non-blocking, or gets a receive timeout.
 */
final class LinuxOpenDescriptor implements OpenDescriptor {
  /** The kind of a descriptor, and the type that takes ownership of it. */
  private enum Kind {
    FILE("a file, a pipe or a device", "AsyncFile"),
    TCP("a TCP socket that does not listen", "AsyncSocket"),
    TCP_LISTENER("a listening TCP socket", "AsyncServerSocket"),
    UNIX("a Unix socket that does not listen", "AsyncUnixSocket"),
    UNIX_LISTENER("a listening Unix socket", "AsyncUnixServerSocket"),
    PATH("opened as a path only (O_PATH)", null),
    DIRECTORY("a directory", null),
    OTHER_SOCKET("a socket other than TCP or a Unix stream socket", null),
    OTHER("not a file or a socket but, for example, an event; wait for it with PollHandle", null);

    final String what;
    final @Nullable String type;

    Kind(String what, @Nullable String type) {
      this.what = what;
      this.type = type;
    }

    IllegalArgumentException refusal(Object descriptor, Kind wanted) {
      String instead =
          type == null
              ? " and cannot become an " + wanted.type
              : "; use " + type + " in place of " + wanted.type;
      return new IllegalArgumentException(descriptor + " is " + what + instead);
    }
  }

  private final int fd;
  private final boolean blocking;

  LinuxOpenDescriptor(int fd, boolean blocking) {
    if (fd < 0) {
      throw new IllegalArgumentException("fd is negative: " + fd);
    }
    this.fd = fd;
    this.blocking = blocking;
  }

  @Override
  public int number() {
    return fd;
  }

  /** Creates the handle of the descriptor. */
  private interface Step<H> {
    H with(SystemCalls calls) throws IOException;
  }

  /** Takes ownership of the descriptor if it has the wanted kind. */
  private <H> H takeOwnership(Kind wanted, Step<H> step) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      Kind kind = kind(io);
      if (kind != wanted) {
        throw kind.refusal(this, wanted);
      }
      H handle = step.with(io.calls());
      io.calls().setCloseOnExec(fd);
      return handle;
    } finally {
      io.release();
    }
  }

  private Kind kind(LinuxIo io) throws IOException {
    int flags = io.calls().getFlags(fd);
    if (flags < 0) {
      throw new IOException(this + " cannot be used: " + Errno.describe(-flags));
    }
    if ((flags & Linux.O_PATH) != 0) {
      return Kind.PATH;
    }
    int type = io.typeOf(fd);
    if (type < 0) {
      throw IoErrors.ofFile(-type, toString());
    }
    return switch (type) {
      case Linux.S_IFSOCK -> kindOfSocket(io.calls());
      case Linux.S_IFDIR -> Kind.DIRECTORY;
      case 0 -> Kind.OTHER;
      default -> Kind.FILE;
    };
  }

  private Kind kindOfSocket(SystemCalls calls) throws IOException {
    if (option(calls, Linux.SO_TYPE) != Linux.SOCK_STREAM) {
      return Kind.OTHER_SOCKET;
    }
    boolean listens = option(calls, Linux.SO_ACCEPTCONN) != 0;
    return switch (option(calls, Linux.SO_DOMAIN)) {
      case Linux.AF_INET, Linux.AF_INET6 -> listens ? Kind.TCP_LISTENER : Kind.TCP;
      case Linux.AF_UNIX -> listens ? Kind.UNIX_LISTENER : Kind.UNIX;
      default -> Kind.OTHER_SOCKET;
    };
  }

  private int option(SystemCalls calls, int name) throws IOException {
    DescriptorCalls.check(calls.getsockopt(fd, Linux.SOL_SOCKET, name, Integer.BYTES), this);
    return calls.optionInt(0);
  }

  @Override
  public FileHandle toFile() throws IOException {
    return takeOwnership(
        Kind.FILE,
        calls -> {
          block(calls);
          OpenFlags flags = OpenFlags.ofOpened(calls.getFlags(fd));
          return new LinuxFile(Descriptor.takenOver(fd, link()), flags);
        });
  }

  /** The path of the open file, as far as the kernel knows one. */
  private Path link() {
    Path self = Path.of("/proc/self/fd/" + fd);
    try {
      return Files.readSymbolicLink(self);
    } catch (IOException _) {
      return self; // /proc is not mounted
    }
  }

  @Override
  public StreamHandle toStream(boolean unix) throws IOException {
    return takeOwnership(
        unix ? Kind.UNIX : Kind.TCP,
        calls -> {
          int result = calls.getpeername(fd);
          if (result == -Errno.ENOTCONN) {
            throw IoErrors.ofSocket(-result, this);
          }
          SocketAddress remote = result == 0 ? SocketAddresses.decode(calls) : null;
          block(calls);
          Descriptor descriptor =
              Descriptor.takenOver(fd, remote instanceof InetSocketAddress ? remote : this);
          if (unix) {
            descriptor.setShortReceives();
          }
          return new LinuxStream(descriptor, remote);
        });
  }

  /** Makes the open file blocking for io_uring, which otherwise returns EAGAIN at once. */
  private void block(SystemCalls calls) throws IOException {
    if (blocking) {
      DescriptorCalls.check(calls.setNonBlocking(fd, false), this);
    }
  }

  @Override
  public ListenerHandle toListener(boolean unix) throws IOException {
    return takeOwnership(
        unix ? Kind.UNIX_LISTENER : Kind.TCP_LISTENER,
        calls -> {
          DescriptorCalls.check(calls.getsockname(fd), this);
          SocketAddress local = SocketAddresses.decode(calls);
          DescriptorCalls.check(SocketOpener.limitAccept(calls, fd), this);
          if (!blocking) {
            DescriptorCalls.check(calls.setNonBlocking(fd, true), this);
          }
          return new LinuxListener(Descriptor.takenOver(fd, local));
        });
  }

  @Override
  public void close() throws IOException {
    DescriptorCalls.close(new Descriptor(fd, this));
  }

  @Override
  public String toString() {
    return "descriptor " + fd;
  }
}
