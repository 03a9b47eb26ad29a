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
import dev.goasync.internal.sys.TerminalCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The standard input, output or error of this process, of any file type.
 *
 * <p>Blocking mode is a property of the open file description, which other processes share: the
 * shell that started this process, a filter beside it. So that flag is not changed. A pipe or a
 * terminal is opened again by its name in {@code /proc}, or as {@code /dev/tty}, in non-blocking
 * mode; this description is used by this process alone. Each transfer is attempted, and its
 * readiness awaited if it would block, so a cancelled operation has transferred nothing.
 *
 * <p>If the file cannot be opened again, the shared descriptor is polled before each transfer. Only
 * a terminal may block nevertheless, as it may poll writable with room for a single byte; so a
 * worker writes to it.
 */
public final class LinuxStandard extends LinuxChannel implements PipeHandle.Standard {
  private static final int O_NOCTTY = 0x100;

  /** A pipe that polls writable takes as much without blocking (PIPE_BUF). */
  private static final int SHARED_ROOM = 4096;

  private static final String CONTROLLING_TERMINAL = "/dev/tty";

  private enum Kind {
    /** A regular file, at the position that all processes with this description share. */
    FILE,
    SOCKET,
    /** A pipe or a terminal, by a non-blocking description of our own. */
    OWN_STREAM,
    /** A pipe or another device, by the shared description. */
    SHARED_STREAM,
    /** A terminal, by the shared description. */
    SHARED_TERMINAL
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
      int type = io.typeOf(fd);
      return switch (type) {
        case Linux.S_IFSOCK -> shared(fd, name, Kind.SOCKET);
        case Linux.S_IFREG, Linux.S_IFBLK, Linux.S_IFDIR -> shared(fd, name, Kind.FILE);
        default -> {
          if (type < 0) {
            throw IoErrors.ofFile(-type, name);
          }
          yield openStream(io, fd, name, type == Linux.S_IFIFO);
        }
      };
    } finally {
      io.release();
    }
  }

  /** Returns a stream for a non-blocking descriptor that this process owns. */
  public static LinuxStandard ofOwn(Descriptor descriptor) {
    return new LinuxStandard(descriptor, Kind.OWN_STREAM);
  }

  private static LinuxStandard shared(int fd, String name, Kind kind) {
    return new LinuxStandard(Descriptor.unowned(fd, name), kind);
  }

  /**
   * Opens a pipe or a terminal again. Other devices, among them the master of a pseudo terminal,
   * may create a new object at each open, so the shared description is used.
   */
  private static LinuxStandard openStream(LinuxIo io, int fd, String name, boolean isPipe) {
    boolean isTerminal = !isPipe && TerminalCalls.isTerminal(io.calls(), fd);
    if (!isPipe && !isTerminal) {
      return shared(fd, name, Kind.SHARED_STREAM);
    }
    int direction = fd == 0 ? Linux.O_RDONLY : io.calls().getFlags(fd) & Linux.O_ACCMODE;
    int own = open(io, "/proc/self/fd/" + fd, direction);
    if (own < 0 && isTerminal) {
      own = openControllingTerminal(io, direction, TerminalCalls.deviceNumber(io.calls(), fd));
    }
    if (own >= 0) {
      return new LinuxStandard(new Descriptor(own, name), Kind.OWN_STREAM);
    }
    return shared(fd, name, isTerminal ? Kind.SHARED_TERMINAL : Kind.SHARED_STREAM);
  }

  /** Every process may open its controlling terminal, also that of another user after su. */
  private static int openControllingTerminal(LinuxIo io, int direction, int wantedDevice) {
    int fd = open(io, CONTROLLING_TERMINAL, direction);
    if (fd >= 0 && TerminalCalls.deviceNumber(io.calls(), fd) != wantedDevice) {
      io.calls().close(fd);
      return -Errno.ENOTTY;
    }
    return fd;
  }

  /** Opens a file in non-blocking mode, by a plain system call that never waits. */
  private static int open(LinuxIo io, String path, int direction) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
      int flags = direction | Linux.O_NONBLOCK | Linux.O_CLOEXEC | O_NOCTTY;
      return io.calls().openat(Memory.address(Memory.cString(arena, bytes)), flags, 0);
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
      case OWN_STREAM, SHARED_STREAM, SHARED_TERMINAL ->
          DescriptorCalls.untilDone(
              io,
              descriptor,
              Linux.POLLIN,
              (used, fd) -> attempt(used, fd, Linux.POLLIN, address, length));
    };
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return switch (kind) {
      case FILE -> io.write(descriptor, address, length, offset);
      case SOCKET -> io.send(descriptor, address, length);
      case OWN_STREAM, SHARED_STREAM ->
          DescriptorCalls.untilDone(
              io,
              descriptor,
              Linux.POLLOUT,
              (used, fd) -> attempt(used, fd, Linux.POLLOUT, address, length));
      case SHARED_TERMINAL ->
          (int)
              io.block(
                  descriptor,
                  "room at ",
                  (calls, fd) -> calls.write(fd, address, length, Linux.AT_POSITION));
    };
  }

  /** Attempts one transfer, which does not wait; returns -EAGAIN if it would. */
  private int attempt(LinuxIo io, int fd, int event, long address, int length) {
    int count = length;
    if (kind != Kind.OWN_STREAM) {
      int ready = io.calls().pollNow(fd, event);
      if (ready <= 0) {
        return ready == 0 ? -Errno.EAGAIN : ready;
      }
      count = Math.min(length, SHARED_ROOM);
    }
    return event == Linux.POLLIN
        ? io.calls().read(fd, address, count, Linux.AT_POSITION)
        : io.calls().write(fd, address, count, Linux.AT_POSITION);
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
