package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.Deque;

/** A listening TCP socket of a simulated host. */
final class SimulatedListener extends InternetSocket implements ListenerHandle {
  private final int backlog;
  private final InetSocketAddress local;
  private final Deque<SimulatedStream> accepted = new ArrayDeque<>();
  private final WaitQueue acceptors = new WaitQueue();

  SimulatedListener(
      HostRun run, SocketOptionValues options, InetSocketAddress wanted, int backlog, boolean share)
      throws IOException {
    super(run, options);
    this.backlog = Math.max(1, backlog);
    options.set(StandardSocketOptions.SO_REUSEPORT, share);
    boolean bound = false;
    try {
      local = run.ports.add(this, wanted, share);
      bound = true;
    } finally {
      if (!bound) {
        handOver();
      }
    }
    world().trace("listens at port", run.host, local.getPort());
  }

  InetSocketAddress local() {
    return local;
  }

  boolean sharesPort() {
    return options().get(StandardSocketOptions.SO_REUSEPORT);
  }

  boolean isFull() {
    return accepted.size() >= backlog;
  }

  /** A connection was made; it waits for an accept. */
  void add(SimulatedStream connection) {
    accepted.add(connection);
    acceptors.wakeAll();
  }

  @Override
  public StreamHandle accept() throws IOException {
    Fiber fiber = begin();
    SimulatedStream first;
    while ((first = accepted.poll()) == null) {
      await(fiber, acceptors, "a connection to " + this);
    }
    world().trace("accepts " + first, run.host, 0);
    return first;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.INPUT && !accepted.isEmpty();
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction != Direction.INPUT) {
      throw new IllegalArgumentException(
          "direction is OUTPUT, and a listening socket has only INPUT");
    }
    Fiber fiber = begin();
    while (accepted.isEmpty()) {
      await(fiber, acceptors, "a connection to " + this, threadTimeoutNanos);
    }
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  @Override
  protected void released() {
    run.ports.remove(this);
    acceptors.wakeAll();
    accepted.forEach(SimulatedStream::reset);
    accepted.clear();
  }

  @Override
  protected Object name() {
    return local;
  }
}
