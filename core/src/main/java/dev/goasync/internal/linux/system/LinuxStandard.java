package dev.goasync.internal.linux.system;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The standard input, output or error of this process, of any file type.
 *
 * <p>Blocking mode is a property of the open file description, which other processes share: the
 * shell that started this process, a filter beside it. So that flag is not changed. A pipe or a
 * terminal is opened again by its name in {@code /proc}, in non-blocking mode; this description is
 * used by this process alone. Each transfer is attempted, and its readiness awaited if it would
 * block, so a cancelled operation has transferred nothing. If the file cannot be opened again, a
 * terminal of another user for example, the shared descriptor is polled before each transfer.
 */
public final class LinuxStandard extends LinuxChannel implements PipeHandle.Standard {
  private static final int O_NOCTTY = 0x100;

  /** A pipe or terminal that polls writable takes about as much without blocking (PIPE_BUF). */
  private static final int SHARED_ROOM = 4096;

  private enum Kind {
    /** A regular file, at the position that all processes with this description share. */
    FILE,
    SOCKET,
    /** A pipe, a terminal or another device, by the shared description: it may block. */
    SHARED_STREAM,
    /** A pipe, a terminal or another device, by a non-blocking description of our own. */
    OWN_STREAM
  }

  private final Kind kind;

  private LinuxStandard(Descriptor descriptor, Kind kind) {
    super(descriptor);
    this.kind = kind;
  }

  /**
   * Opens a standard stream of this process.
   *
   * @param name for messages
   */
  public static LinuxStandard open(int fd, String name) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      Kind kind = kindOf(io, fd, name);
      if (kind == Kind.SHARED_STREAM) {
        int own = reopen(io, fd);
        if (own >= 0) {
          return new LinuxStandard(new Descriptor(own, name), Kind.OWN_STREAM);
        }
      }
      return new LinuxStandard(Descriptor.unowned(fd, name), kind);
    } finally {
      io.release();
    }
  }

  /** Returns a stream for a non-blocking descriptor that this process owns. */
  public static LinuxStandard ofOwn(Descriptor descriptor) {
    return new LinuxStandard(descriptor, Kind.OWN_STREAM);
  }

  private static Kind kindOf(LinuxIo io, int fd, String name) throws IOException {
    int type = io.typeOf(fd);
    if (type < 0) {
      throw IoErrors.ofFile(-type, name);
    }
    return switch (type) {
      case Linux.S_IFSOCK -> Kind.SOCKET;
      case Linux.S_IFREG, Linux.S_IFBLK, Linux.S_IFDIR -> Kind.FILE;
      default -> Kind.SHARED_STREAM;
    };
  }

  /** Opens the file again in non-blocking mode, by a plain system call that never waits. */
  private static int reopen(LinuxIo io, int fd) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] path = ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
      int direction = fd == 0 ? Linux.O_RDONLY : io.calls().getFlags(fd) & Linux.O_ACCMODE;
      int flags = direction | Linux.O_NONBLOCK | Linux.O_CLOEXEC | O_NOCTTY;
      return io.calls().openat(Memory.address(Memory.cString(arena, path)), flags, 0);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return readInto(target, Linux.AT_POSITION);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return writeFrom(source, Linux.AT_POSITION);
  }

  @Override
  protected int readNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return switch (kind) {
      case FILE -> io.read(descriptor, address, length, offset);
      case SOCKET -> io.recv(descriptor, address, length);
      case SHARED_STREAM, OWN_STREAM -> transfer(io, Linux.POLLIN, address, length);
    };
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return switch (kind) {
      case FILE -> io.write(descriptor, address, length, offset);
      case SOCKET -> io.send(descriptor, address, length);
      case SHARED_STREAM, OWN_STREAM -> transfer(io, Linux.POLLOUT, address, length);
    };
  }

  private int transfer(LinuxIo io, int event, long address, int length) throws IOException {
    io.consumeBudget();
    while (true) {
      int result = attempt(io, event, address, length);
      if (result == -Errno.EAGAIN) {
        int ready = io.awaitReady(descriptor, event);
        if (ready < 0) {
          return ready;
        }
      } else if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /** Attempts one transfer, which does not wait; returns -EAGAIN if it would. */
  private int attempt(LinuxIo io, int event, long address, int length) throws IOException {
    int fd = descriptor.enter(io.use());
    try {
      int count = length;
      if (kind == Kind.SHARED_STREAM) {
        int ready = io.calls().pollNow(fd, event);
        if (ready <= 0) {
          return ready == 0 ? -Errno.EAGAIN : ready;
        }
        count = Math.min(length, SHARED_ROOM);
      }
      return event == Linux.POLLIN
          ? io.calls().read(fd, address, count, Linux.AT_POSITION)
          : io.calls().write(fd, address, count, Linux.AT_POSITION);
    } finally {
      descriptor.leave(io.use(), io.calls());
    }
  }

  @Override
  public int available() throws IOException {
    return Math.max(DescriptorCalls.with(descriptor, SystemCalls::available), 0);
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    DescriptorCalls.awaitReady(descriptor, direction, Pollable.Timed.NO_TIMEOUT);
  }

  @Override
  public void close() throws IOException {
    closeDescriptor();
  }

  @Override
  protected IOException error(int errno) {
    return IoErrors.ofFile(errno, descriptor.toString());
  }
}
