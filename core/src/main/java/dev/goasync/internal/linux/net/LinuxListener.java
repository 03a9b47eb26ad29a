package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.AcceptPrefetch;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A listening socket by its descriptor. */
public final class LinuxListener implements ListenerHandle {
  final Descriptor descriptor;
  private volatile boolean closing;

  /** How many are inside {@link #accept}. */
  private final AtomicInteger accepting = new AtomicInteger();

  /** Accepts ahead of who does so alone: once in a listener's life at most. */
  private volatile @Nullable AcceptPrefetch intake;

  // Hints: whoever accepts writes them.
  private @Nullable LinuxIo lastAlone;
  private int usesAlone;
  private volatile boolean intakeOver;

  public LinuxListener(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public StreamHandle accept() throws IOException {
    LinuxIo io = LinuxIo.acquire();
    boolean alone = accepting.getAndIncrement() == 0;
    try {
      int fd;
      do {
        fd = next(io, alone);
      } while (fd == -Errno.ECONNABORTED || fd == -Errno.EPROTO); // gone while it was queued
      if (fd < 0 && closing) {
        throw new AsynchronousCloseException();
      }
      if (fd < 0) {
        throw IoErrors.ofSocket(-fd, "accepting at " + descriptor);
      }
      Object peer = Sockets.peerName(io.calls(), fd);
      SocketAddress remote = peer instanceof SocketAddress known ? known : null;
      return new LinuxStream(new Descriptor(fd, peer), remote);
    } finally {
      accepting.decrementAndGet();
      io.release();
    }
  }

  private int next(LinuxIo io, boolean alone) throws IOException {
    AcceptPrefetch ahead = intake;
    if (ahead == null && alone && isWorthIt(io)) {
      ahead = openIntake(io);
    }
    if (ahead != null) {
      descriptor.checkOpen();
      int fd = ahead.accept(io);
      if (fd != Prefetch.EXHAUSTED) {
        return fd;
      }
      intake = null;
    }
    return io.accept(descriptor);
  }

  private boolean isWorthIt(LinuxIo io) {
    usesAlone = io == lastAlone ? usesAlone + 1 : 0;
    lastAlone = io;
    return !intakeOver && usesAlone >= Prefetch.ARM_THRESHOLD && !isShared();
  }

  /**
   * What one takes ahead, another might wait for. Who comes to accept is counted before it looks
   * for the intake; here it is shown before we look at the count.
   */
  private @Nullable AcceptPrefetch openIntake(LinuxIo io) {
    AcceptPrefetch opened = io.prefetchAccepts(descriptor);
    intakeOver = opened != null;
    intake = opened;
    if (opened != null && accepting.get() > 1) {
      opened.end();
    }
    return opened;
  }

  /** Others will accept, too; what is kept is accepted here. */
  void endIntakeToPass() {
    intakeOver = true;
    AcceptPrefetch ahead = intake;
    if (ahead != null) {
      ahead.end();
    }
  }

  /** What accepts ahead; null if nothing does. For tests. */
  @Nullable AcceptPrefetch intake() {
    return intake;
  }

  /** Whether connections are kept; nobody accepts ahead any more. */
  private boolean isIntakeReady() throws IOException {
    AcceptPrefetch ahead = intake;
    if (ahead != null) {
      ahead.end();
    }
    descriptor.checkOpen();
    return ahead != null && ahead.isReady();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return isIntakeReady() || DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (!isIntakeReady()) {
      DescriptorCalls.awaitReady(descriptor, direction, threadTimeoutNanos);
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return Sockets.localAddress(descriptor);
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
  public boolean isShared() {
    return descriptor.isShared();
  }

  @Override
  public void close() throws IOException {
    closing = true;
    if (!isShared()) {
      endListening();
    }
    AcceptPrefetch ahead = intake;
    if (ahead != null) {
      ahead.endForClose();
    }
    DescriptorCalls.close(descriptor);
  }

  /**
   * An accept under way keeps the socket until it has been taken back: clients could come in. A
   * shared socket would end for the others, too, so there an accept may still get one.
   */
  private void endListening() throws IOException {
    try {
      var _ = Sockets.shutdown(descriptor, Linux.SHUT_RD); // fails if it never listened
    } catch (ClosedChannelException _) {
      // closed again
    }
  }
}
