package dev.goasync.internal.linux.net;

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

/** A listening socket. */
public final class LinuxListener implements ListenerHandle {
  final Descriptor descriptor;
  private volatile boolean closing;

  /** How many callers are inside {@link #accept}. */
  private final AtomicInteger accepting = new AtomicInteger();

  /** Accepts ahead while one caller accepts alone; started at most once in a listener's life. */
  private volatile Prefetch.@Nullable OfConnections prefetch;

  // Hints, written by any caller of accept.
  private @Nullable LinuxIo lastAlone;
  private int usesAlone;
  private volatile boolean prefetchEnded;

  /** Takes ownership of a listening socket. */
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
      } while (fd == -Errno.ECONNABORTED
          || fd == -Errno.EPROTO); // the peer reset the connection in the backlog
      if (fd < 0 && closing) {
        io.checkCancelled(); // a cancel that came before the close is reported
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
    Prefetch.OfConnections current = prefetch;
    if (current == null && alone && paysOff(io)) {
      current = startPrefetch(io);
    }
    if (current != null) {
      descriptor.checkOpen();
      int fd = current.accept(io);
      if (fd != Prefetch.EXHAUSTED) {
        return fd;
      }
      prefetch = null;
    }
    return io.accept(descriptor);
  }

  private boolean paysOff(LinuxIo io) {
    usesAlone = io == lastAlone ? usesAlone + 1 : 0;
    lastAlone = io;
    return !prefetchEnded && usesAlone >= Prefetch.ARM_THRESHOLD && !isShared();
  }

  /**
   * A prefetch would take connections that other callers wait for, so it ends if there are any. A
   * caller is counted before it reads the field {@code prefetch}; here the field is written before
   * the count is read. So at least one of both sees what the second one wrote.
   */
  private Prefetch.@Nullable OfConnections startPrefetch(LinuxIo io) {
    Prefetch.OfConnections started = io.prefetchAccepts(descriptor);
    prefetchEnded = started != null;
    prefetch = started;
    if (started != null) {
      descriptor.watchOwner(this, started);
      if (accepting.get() > 1) {
        started.end();
      }
    }
    return started;
  }

  /** Ends the prefetch before the descriptor is passed on; kept connections are accepted here. */
  void endPrefetchToPass() {
    prefetchEnded = true;
    Prefetch.OfConnections current = prefetch;
    if (current != null) {
      current.end();
    }
  }

  /** The running prefetch; null if there is none. For tests. */
  Prefetch.@Nullable OfConnections prefetch() {
    return prefetch;
  }

  /** Ends the prefetch; returns whether it kept connections. */
  private boolean isPrefetchReady() throws IOException {
    Prefetch.OfConnections current = prefetch;
    if (current != null) {
      current.end();
    }
    descriptor.checkOpen();
    return current != null && current.isReady();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    return isPrefetchReady() || DescriptorCalls.isReady(descriptor, direction);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (!isPrefetchReady()) {
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
    Prefetch.OfConnections current = prefetch;
    if (current != null) {
      current.endForClose();
    }
    DescriptorCalls.close(descriptor);
  }

  /**
   * Shuts the listener down, since an accept that is under way keeps the socket open until it is
   * cancelled, and clients could still connect. Not done for a shared socket: its other owners
   * still listen.
   */
  private void endListening() throws IOException {
    try {
      var _ = Sockets.shutdown(descriptor, Linux.SHUT_RD); // fails if the socket never listened
    } catch (ClosedChannelException _) {
      // closed already
    }
  }
}
