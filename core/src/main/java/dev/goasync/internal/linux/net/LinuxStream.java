package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.file.LinuxTransfers;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.linux.io.ReceivePrefetch;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A connection by its descriptor. */
public final class LinuxStream extends LinuxChannel implements StreamHandle {
  /** In place of a count or -errno: nothing came, and not all went. */
  private static final int SENT_IN_PART = Integer.MIN_VALUE;

  private static final int SEND_TIMEOUT_MICROS = 1_000;

  private volatile boolean inputShut;
  private volatile boolean outputShut;
  private volatile boolean sendsLimited;
  private volatile @Nullable SocketAddress remote;

  /** Receives ahead of the reader, who sets it: once in a connection's life at most. */
  private volatile @Nullable ReceivePrefetch intake;

  /** Reads in a row that took all that was there. Its owner is the reader. */
  private int drainingReads;

  private volatile boolean intakeOver;

  /**
   * Wraps a connected socket.
   *
   * @param remote the peer's address if it is known already
   */
  public LinuxStream(Descriptor descriptor, @Nullable SocketAddress remote) {
    super(descriptor);
    this.remote = remote;
    if (remote != null && !(remote instanceof InetSocketAddress)) {
      descriptor.stopsShort();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (inputShut) {
      descriptor.checkOpen();
      return -1;
    }
    return readInto(target, Linux.AT_POSITION);
  }

  @Override
  protected int readInto(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    ReceivePrefetch ahead = intake;
    if (ahead == null && !intakeOver && drainingReads >= Prefetch.ARM_THRESHOLD) {
      ahead = openIntake(io);
    }
    if (ahead != null) {
      descriptor.checkOpen();
      int count = ahead.receive(io, target);
      if (count != Prefetch.EXHAUSTED) {
        return count;
      }
      intake = null;
    }
    int count = super.readInto(io, target, offset);
    drainingReads = descriptor.isDrained() ? drainingReads + 1 : 0;
    return count;
  }

  private @Nullable ReceivePrefetch openIntake(LinuxIo io) {
    boolean may = remote instanceof InetSocketAddress && !descriptor.isShared();
    ReceivePrefetch opened = may ? io.prefetchReceives(descriptor) : null;
    drainingReads = 0;
    intakeOver = opened != null;
    intake = opened;
    return opened;
  }

  /**
   * Another will read; what is kept it would never see.
   *
   * @throws SocketException if something is
   */
  void endIntakeToPass() throws IOException {
    intakeOver = true;
    ReceivePrefetch ahead = endIntake();
    if (ahead != null && ahead.kept() > 0) {
      throw new SocketException(
          ahead.kept()
              + " bytes have come from "
              + descriptor
              + " that were not read: read them (available() says how many) before it is passed");
    }
  }

  /** What receives ahead; null if nothing does. For tests. */
  @Nullable ReceivePrefetch intake() {
    return intake;
  }

  /** Nobody receives ahead any more; what was received is read first. */
  private @Nullable ReceivePrefetch endIntake() {
    ReceivePrefetch ahead = intake;
    if (ahead != null) {
      ahead.end();
    }
    return ahead;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkOutput();
    return writeFrom(source, Linux.AT_POSITION);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    checkOutput();
    return writeGathered(sources, offset, length);
  }

  @Override
  public int exchange(ByteBuffer output, Runnable sent, ByteBuffer target) throws IOException {
    checkWritable(target);
    int offered = output.remaining();
    if (offered > 0 && offered <= NativeBufferPool.LARGE && target.hasRemaining() && !inputShut) {
      checkOutput();
      LinuxIo io = LinuxIo.acquire();
      try {
        LinuxIo.Sending sending = io.beginSend(descriptor, output, sent);
        if (sending != null) {
          int count = receiveBeside(sending, io, output, target);
          if (count != SENT_IN_PART) {
            return checkedCount(count);
          }
        }
      } finally {
        io.release();
      }
    }
    return StreamHandle.super.exchange(output, sent, target);
  }

  private int receiveBeside(
      LinuxIo.Sending sending, LinuxIo io, ByteBuffer output, ByteBuffer target)
      throws IOException {
    int count;
    int handedOver;
    try {
      count = readInto(io, target, Linux.AT_POSITION);
    } finally {
      handedOver = sending.end();
      output.position(output.position() + Math.max(handedOver, 0));
    }
    if (count != -Errno.ECANCELED || !output.hasRemaining()) {
      return count;
    }
    return handedOver < 0 ? handedOver : SENT_IN_PART;
  }

  /**
   * How long a call blocks that the kernel does not let go by itself: see {@link LinuxTransfers}.
   */
  public int limitSends(SystemCalls calls, int fd) {
    if (sendsLimited) {
      return 0;
    }
    int result = calls.setTimeout(fd, Linux.SO_SNDTIMEO, SEND_TIMEOUT_MICROS);
    sendsLimited = result == 0;
    return result;
  }

  public void checkOutput() throws IOException {
    if (outputShut) {
      descriptor.checkOpen();
      throw new SocketException("the output was shut down: " + descriptor);
    }
  }

  @Override
  protected int readNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return io.recv(descriptor, address, length);
  }

  @Override
  public int readHeap(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    int count = io.recv(descriptor, target);
    return count == -Errno.ENOBUFS ? super.readHeap(io, target, offset) : count;
  }

  @Override
  protected int writeNative(LinuxIo io, long address, int length, long offset) throws IOException {
    return io.send(descriptor, address, length);
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) throws IOException {
    checkOutput();
    DescriptorMessages.send(this, source, handles);
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) throws IOException {
    if (inputShut) {
      descriptor.checkOpen();
      return -1;
    }
    return DescriptorMessages.receive(this, target, passed);
  }

  @Override
  public int available() throws IOException {
    ReceivePrefetch ahead = endIntake();
    int result = DescriptorCalls.with(descriptor, SystemCalls::available);
    if (result < 0) {
      throw error(-result);
    }
    return result + (ahead == null ? 0 : ahead.kept());
  }

  @Override
  public void sendUrgent(byte value) throws IOException {
    checkOutput();
    int result;
    do {
      result = DescriptorCalls.with(descriptor, (calls, fd) -> calls.sendUrgent(fd, value));
    } while (result == -Errno.EINTR);
    if (result == -Errno.EAGAIN) {
      throw new SocketException("no room for urgent data: " + descriptor);
    }
    if (result < 0) {
      throw error(-result);
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    inputShut = true;
    endIntake();
    shutdown(Linux.SHUT_RD);
  }

  @Override
  public void shutdownOutput() throws IOException {
    outputShut = true;
    shutdown(Linux.SHUT_WR);
  }

  private void shutdown(int how) throws IOException {
    int result = Sockets.shutdown(descriptor, how);
    if (result < 0) {
      throw error(-result);
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    if (direction == Direction.INPUT && isIntakeReady()) {
      return true;
    }
    return DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction == Direction.OUTPUT || !isIntakeReady()) {
      DescriptorCalls.awaitReady(descriptor, direction, threadTimeoutNanos);
    }
  }

  private boolean isIntakeReady() throws IOException {
    ReceivePrefetch ahead = endIntake();
    descriptor.checkOpen();
    return ahead != null && ahead.isReady();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return Sockets.localAddress(descriptor);
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    SocketAddress known = remote;
    if (known == null) {
      known = Sockets.remoteAddress(descriptor);
      remote = known;
    }
    descriptor.checkOpen();
    return known;
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    Sockets.setOption(descriptor, option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return Sockets.getOption(descriptor, option);
  }

  @Override
  public void close() throws IOException {
    ReceivePrefetch ahead = intake;
    if (ahead != null) {
      ahead.endForClose();
    }
    closeDescriptor();
  }

  @Override
  public IOException error(int errno) {
    return IoErrors.ofSocket(errno, descriptor);
  }
}
