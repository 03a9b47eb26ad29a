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
 * One of the three streams that the process was started with, whatever that is.
 *
 * <p>Whether it blocks is a state of the open file, which other processes share: the shell that
 * started us, a filter beside us. So that is left alone. A pipe or a terminal is opened anew by its
 * name in {@code /proc}, and that opening, which is ours alone, does not block: each transfer is
 * tried, and if it would wait, its readiness awaited; so a cancel finds nothing begun. Where that
 * cannot be opened, as a terminal of another user's, the shared one is asked before each transfer.
 */
public final class LinuxStandard extends LinuxChannel implements PipeHandle.Standard {
  private static final int O_NOCTTY = 0x100;

  /** Room that a pipe or terminal which polls writable has at least, or nearly so (PIPE_BUF). */
  private static final int SHARED_ROOM = 4096;

  private enum Kind {
    /** A file on a disk, at the position that all share who have it from the same opening. */
    FILE,
    SOCKET,
    /** A pipe, a terminal, another device. */
    STREAM,
    /** The same, opened anew. */
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
      if (kind == Kind.STREAM) {
        int own = openAnew(io, fd);
        if (own >= 0) {
          return new LinuxStandard(new Descriptor(own, name), Kind.OWN_STREAM);
        }
      }
      return new LinuxStandard(Descriptor.unowned(fd, name), kind);
    } finally {
      io.release();
    }
  }

  /** What is open without blocking already, and ours. */
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
      default -> Kind.STREAM;
    };
  }

  /** By a plain call: opened so it never waits. */
  private static int openAnew(LinuxIo io, int fd) {
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
      case STREAM, OWN_STREAM -> transfer(io, Linux.POLLIN, address, length);
    };
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return switch (kind) {
      case FILE -> io.write(descriptor, address, length, offset);
      case SOCKET -> io.send(descriptor, address, length);
      case STREAM, OWN_STREAM -> transfer(io, Linux.POLLOUT, address, length);
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

  /** One try, which does not wait. */
  private int attempt(LinuxIo io, int event, long address, int length) throws IOException {
    int fd = descriptor.enter(io.use());
    try {
      int count = length;
      if (kind == Kind.STREAM) {
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
