package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.TerminalCalls;
import java.io.IOException;
import java.nio.file.StandardOpenOption;

/**
 * The master side of a pseudo terminal. Its description is non-blocking, and each transfer is
 * attempted first: io_uring has no non-blocking support for terminals and would make a blocking
 * call on the loop's thread.
 */
final class LinuxPseudoTerminal extends LinuxPipe implements TerminalHandle.Master {
  private static final String MULTIPLEXER = "/dev/ptmx";
  private static final int O_NOCTTY = 0x100;

  private final String slavePath;

  private LinuxPseudoTerminal(Descriptor descriptor, String slavePath) {
    super(descriptor, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.slavePath = slavePath;
  }

  /** Creates a pseudo terminal of the given size, whose slave side is not open yet. */
  static LinuxPseudoTerminal open(LinuxIo io, TerminalHandle.Size size) throws IOException {
    int fd = LaunchPipes.openDevice(io, MULTIPLEXER, Linux.O_RDWR | Linux.O_NONBLOCK | O_NOCTTY);
    int number = fd < 0 ? fd : TerminalCalls.unlockPts(io.calls(), fd);
    int result =
        number < 0 ? number : TerminalCalls.setSize(io.calls(), fd, size.columns(), size.rows());
    if (result < 0) {
      if (fd >= 0) {
        io.calls().close(fd);
      }
      throw IoErrors.ofFile(-result, MULTIPLEXER);
    }
    String slavePath = "/dev/pts/" + number;
    return new LinuxPseudoTerminal(new Descriptor(fd, "the terminal " + slavePath), slavePath);
  }

  /** The path of the slave side, which the child opens. */
  String slavePath() {
    return slavePath;
  }

  /** A read fails with EIO when no process has the slave side open any more: the end. */
  @Override
  protected int readNative(LinuxIo io, long address, int length, long offset) throws IOException {
    int count =
        DescriptorCalls.untilDone(
            io,
            descriptor,
            Linux.POLLIN,
            (used, fd) -> used.calls().read(fd, address, length, Linux.AT_POSITION));
    return count == -Errno.EIO ? 0 : count;
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return DescriptorCalls.untilDone(
        io,
        descriptor,
        Linux.POLLOUT,
        (used, fd) -> used.calls().write(fd, address, length, Linux.AT_POSITION));
  }

  /** Polls first: the kernel counts bytes that are still in transit only after a poll. */
  @Override
  public int available() throws IOException {
    DescriptorCalls.isReady(descriptor, Direction.INPUT);
    return super.available();
  }

  @Override
  public TerminalHandle.Size windowSize() throws IOException {
    return DescriptorCalls.with(
        descriptor,
        (calls, fd) -> {
          int result = TerminalCalls.getSize(calls, fd);
          if (result < 0) {
            throw error(-result);
          }
          return new TerminalHandle.Size(TerminalCalls.columns(calls), TerminalCalls.rows(calls));
        });
  }

  @Override
  public void resize(TerminalHandle.Size size) throws IOException {
    int result =
        DescriptorCalls.with(
            descriptor,
            (calls, fd) -> TerminalCalls.setSize(calls, fd, size.columns(), size.rows()));
    if (result < 0) {
      throw error(-result);
    }
  }
}
