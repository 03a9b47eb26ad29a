package dev.goasync.internal.simulated.local;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedSocket;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/** A listening Unix socket of a simulated host. */
public final class UnixListener extends SimulatedSocket implements ListenerHandle {
  private final SocketAddress local;
  private final int backlog;
  private final Runnable freeName;
  private final Deque<UnixEnd> waiting = new ArrayDeque<>();
  private final WaitQueue acceptors = new WaitQueue();
  private final WaitQueue connectors = new WaitQueue();

  /** Listens at {@code local}. */
  public UnixListener(ResourceOwner owner, UnixNames names, SocketAddress local, int backlog)
      throws IOException {
    super(owner, SocketOptionValues.ofListener());
    this.local = local;
    this.backlog = backlog;
    boolean bound = false;
    try {
      freeName = names.bind(this, local);
      bound = true;
    } finally {
      if (!bound) {
        handOver();
      }
    }
    owner.trace("listens", this, 0);
  }

  /** Linux lets one more wait than the backlog says. */
  boolean isFull() {
    return waiting.size() > backlog;
  }

  /** Those that wait for room in the backlog. */
  WaitQueue connectors() {
    return connectors;
  }

  /** A connection was made; it waits for an accept. */
  void add(UnixEnd connection) {
    waiting.add(connection);
    acceptors.wakeAll();
  }

  @Override
  public StreamHandle accept() throws IOException {
    Fiber fiber = begin();
    awaitConnection(fiber, NO_TIMEOUT);
    owner().checkDescriptors(() -> IoErrors.ofSocket(Errno.EMFILE, "accepting at " + this));
    UnixStream accepted = new UnixStream(owner(), waiting.remove());
    connectors.wakeAll();
    owner().trace("accepts", this, 0);
    return accepted;
  }

  private void awaitConnection(Fiber fiber, long threadTimeoutNanos) throws IOException {
    while (waiting.isEmpty()) {
      await(fiber, acceptors, "a connection to " + this, threadTimeoutNanos);
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.INPUT && !waiting.isEmpty();
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction != Direction.INPUT) {
      throw new IllegalArgumentException(
          "direction is OUTPUT, and a listening socket has only INPUT");
    }
    awaitConnection(begin(), threadTimeoutNanos);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  @Override
  protected void released() {
    freeName.run();
    acceptors.wakeAll();
    connectors.wakeAll();
    waiting.forEach(connection -> connection.close(true));
    waiting.clear();
  }

  @Override
  protected Object name() {
    return local;
  }
}
