package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.Targets;
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

/** A connected stream socket. */
public final class LinuxStream extends LinuxChannel implements StreamHandle {
  /** Result of {@link #receiveBeside}: no bytes came, and not all bytes were sent. */
  private static final int SENT_IN_PART = Integer.MIN_VALUE;

  private static final int SEND_TIMEOUT_MICROS = 1_000;

  /** Whether reads end at once: the input was shut down, or the connection was reset. */
  private volatile boolean inputShut;

  /** Whether a read has met a reset, which the kernel reports only once. Later reads throw too. */
  private volatile boolean reset;

  private volatile boolean outputShut;
  private volatile boolean sendsLimited;
  private volatile @Nullable SocketAddress remote;

  /** Reads ahead of the reader, which starts it at most once in a connection's life. */
  private volatile Prefetch.@Nullable OfBytes prefetch;

  /** How many reads in a row emptied the socket. Owned by the reader. */
  private int drainingReads;

  private volatile boolean prefetchEnded;

  /**
   * Takes ownership of a connected socket.
   *
   * @param remote the peer's address; null if it is not known yet
   */
  public LinuxStream(Descriptor descriptor, @Nullable SocketAddress remote) {
    super(descriptor);
    this.remote = remote;
    if (remote != null && !(remote instanceof InetSocketAddress)) {
      descriptor.setShortReceives();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return inputShut ? readNoMore() : readInto(target, Linux.AT_POSITION);
  }

  private int readNoMore() throws IOException {
    descriptor.checkOpen();
    if (reset) {
      throw error(Errno.ECONNRESET);
    }
    return -1;
  }

  @Override
  protected int readInto(LinuxIo io, ByteBuffer target, long offset) throws IOException {
    Prefetch.OfBytes current = prefetch;
    if (current == null && !prefetchEnded && drainingReads >= Prefetch.ARM_THRESHOLD) {
      current = startPrefetch(io);
    }
    if (current != null) {
      descriptor.checkOpen();
      int count = current.receive(io, target);
      if (count != Prefetch.EXHAUSTED) {
        return noteReset(count);
      }
      prefetch = null; // this write keeps the owner of the prefetch reachable during the receive
    }
    int count = super.readInto(io, target, offset);
    drainingReads = descriptor.isDrained() ? drainingReads + 1 : 0;
    return noteReset(count);
  }

  private int noteReset(int count) {
    if (count == -Errno.ECONNRESET) {
      reset = true;
      inputShut = true;
    }
    return count;
  }

  private Prefetch.@Nullable OfBytes startPrefetch(LinuxIo io) {
    boolean may = remote instanceof InetSocketAddress && !descriptor.isShared();
    Prefetch.OfBytes started = may ? io.prefetchReceives(descriptor) : null;
    drainingReads = 0;
    prefetchEnded = started != null;
    prefetch = started;
    if (started != null) {
      descriptor.watchOwner(this, started);
    }
    return started;
  }

  /**
   * Ends the prefetch before the descriptor is passed on, to another reader.
   *
   * @throws SocketException if it kept bytes, which the other reader would never receive
   */
  void endPrefetchToPass() throws IOException {
    prefetchEnded = true;
    Prefetch.OfBytes ended = endPrefetch();
    if (ended != null && ended.kept() > 0) {
      throw new SocketException(
          ended.kept()
              + " received bytes are unread: read them (available() returns their count) before"
              + " passing "
              + descriptor);
    }
  }

  /** The running prefetch; null if there is none. For tests. */
  Prefetch.@Nullable OfBytes prefetch() {
    return prefetch;
  }

  /** Ends the prefetch; the bytes that it kept are read first. */
  private Prefetch.@Nullable OfBytes endPrefetch() {
    Prefetch.OfBytes current = prefetch;
    if (current != null) {
      current.end();
    }
    return current;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkOutput();
    return writeFrom(source, Linux.AT_POSITION);
  }

  @Override
  public int tryWrite(ByteBuffer source) throws IOException {
    checkOutput();
    LinuxIo io = LinuxIo.acquire();
    int count;
    try {
      count = trySend(io, source);
    } finally {
      io.release();
    }
    if (count == -Errno.EAGAIN) {
      return 0;
    }
    if (count < 0) {
      throw error(-count);
    }
    source.position(source.position() + count);
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    checkOutput();
    return writeGathered(sources, offset, length);
  }

  @Override
  public int exchange(ByteBuffer output, Runnable sent, ByteBuffer target) throws IOException {
    Targets.requireWritable(target);
    int offered = output.remaining();
    if (offered > 0 && offered <= NativeBufferPool.LARGE && target.hasRemaining() && !inputShut) {
      checkOutput();
      LinuxIo io = LinuxIo.acquire();
      try {
        LinuxIo.PendingSend sending = io.beginSend(descriptor, output, sent);
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
      LinuxIo.PendingSend sending, LinuxIo io, ByteBuffer output, ByteBuffer target)
      throws IOException {
    int count;
    int written;
    try {
      count = readInto(io, target, Linux.AT_POSITION);
    } finally {
      written = sending.await();
      output.position(output.position() + Math.max(written, 0));
    }
    if (count != -Errno.ECANCELED || !output.hasRemaining()) {
      return count;
    }
    return written < 0 ? written : SENT_IN_PART;
  }

  /**
   * Limits how long a send blocks inside the kernel; see {@code LinuxTransfers}. Returns 0 or
   * -errno.
   */
  public int limitSends(SystemCalls calls, int fd) {
    if (sendsLimited) {
      return 0;
    }
    int result = calls.setTimeout(fd, Linux.SO_SNDTIMEO, SEND_TIMEOUT_MICROS);
    sendsLimited = result == 0;
    return result;
  }

  /** Throws if the output was shut down. */
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

  /**
   * While waiting operations hold much native memory, waits for room before it acquires a buffer:
   * writers to peers that do not read hold no memory then.
   */
  @Override
  protected int writeHeap(LinuxIo io, ByteBuffer source, long offset) throws IOException {
    while (io.isShortOfBuffers()) {
      int count = trySend(io, source);
      if (count != -Errno.EAGAIN) {
        return count;
      }
      int ready = io.awaitReady(descriptor, Linux.POLLOUT);
      if (ready < 0) {
        return ready;
      }
    }
    return super.writeHeap(io, source, offset);
  }

  private int trySend(LinuxIo io, ByteBuffer source) throws IOException {
    NativeBuffer buffer = io.acquireBuffer(source.remaining());
    try {
      int offered = Math.min(source.remaining(), buffer.capacity());
      buffer.copyFrom(source, offered, 0);
      return io.trySend(descriptor, buffer.address(), offered);
    } finally {
      io.releaseBuffer(buffer);
    }
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) throws IOException {
    checkOutput();
    DescriptorMessages.send(this, source, handles);
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) throws IOException {
    return inputShut ? readNoMore() : DescriptorMessages.receive(this, target, passed);
  }

  @Override
  public int available() throws IOException {
    if (inputShut) {
      descriptor.checkOpen();
      return 0;
    }
    Prefetch.OfBytes ended = endPrefetch();
    int result = DescriptorCalls.with(descriptor, SystemCalls::available);
    if (result < 0) {
      throw error(-result);
    }
    return result + (ended == null ? 0 : ended.kept());
  }

  @Override
  public void sendUrgent(byte value) throws IOException {
    checkOutput();
    int result;
    do {
      result = DescriptorCalls.with(descriptor, (calls, fd) -> calls.sendUrgent(fd, value));
    } while (result == -Errno.EINTR);
    if (result == -Errno.EAGAIN) {
      throw new SocketException(
          "No buffer space available: the send buffer of "
              + descriptor
              + " has no room for urgent data");
    }
    if (result < 0) {
      throw error(-result);
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    inputShut = true;
    endPrefetch();
    shutdown(Linux.SHUT_RD);
  }

  @Override
  public void shutdownOutput() throws IOException {
    outputShut = true;
    shutdown(Linux.SHUT_WR);
  }

  private void shutdown(int how) throws IOException {
    int result = Sockets.shutdown(descriptor, how);
    if (result < 0 && result != -Errno.ENOTCONN) { // reset by the peer
      throw error(-result);
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    if (direction == Direction.INPUT && isPrefetchReady()) {
      return true;
    }
    return DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction != Direction.INPUT || !isPrefetchReady()) {
      DescriptorCalls.awaitReady(descriptor, direction, threadTimeoutNanos);
    }
  }

  private boolean isPrefetchReady() throws IOException {
    Prefetch.OfBytes ended = endPrefetch();
    descriptor.checkOpen();
    return ended != null && ended.isReady();
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
    Prefetch.OfBytes current = prefetch;
    if (current != null) {
      current.endForClose();
    }
    closeDescriptor();
  }

  @Override
  public IOException error(int errno) {
    return IoErrors.ofSocket(errno, descriptor);
  }
}
