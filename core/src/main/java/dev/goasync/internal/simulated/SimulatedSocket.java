package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.SocketHandle;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** What all sockets of a simulated host have in common. Used by coroutines of that host only. */
abstract class SimulatedSocket implements SocketHandle {
  final HostRun run;
  private final Options options;
  private boolean closed;

  SimulatedSocket(HostRun run, Options options) {
    this.run = run;
    this.options = options;
    run.sockets.add(this);
  }

  final SimulatedWorld world() {
    return run.host.world;
  }

  final Options options() {
    return options;
  }

  final boolean isClosed() {
    return closed;
  }

  final void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Begins an operation: checks the caller and the socket, and may let others run first. */
  final Fiber begin() throws ClosedChannelException {
    Fiber fiber = caller();
    checkOpen();
    fiber.checkCancelled();
    if (world().schedule().yieldsFirst()) {
      fiber.yieldNow();
      checkOpenMeanwhile();
    }
    return fiber;
  }

  /**
   * The coroutine that calls, also inside {@code sync} or {@code offload}, where it is not current.
   *
   * @throws IllegalStateException if the caller is not a coroutine of the host
   */
  final Fiber caller() {
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber == null || fiber.loop().hooks() != run) {
      throw new IllegalStateException(
          "a socket of the simulated "
              + run.host
              + " can be used by coroutines of that host only: "
              + this);
    }
    return fiber;
  }

  /** Waits for a change; throws if the socket is closed meanwhile. */
  final void await(Fiber fiber, SocketWait.Queue queue, Object what)
      throws AsynchronousCloseException {
    queue.await(fiber, what);
    checkOpenMeanwhile();
  }

  /**
   * As {@link #await}, with a time limit for a caller that is not in a coroutine.
   *
   * @throws SocketTimeoutException if the limit is over first
   */
  final void await(Fiber fiber, SocketWait.Queue queue, Object what, long threadTimeoutNanos)
      throws AsynchronousCloseException, SocketTimeoutException {
    if (threadTimeoutNanos == Pollable.Timed.NO_TIMEOUT || Fiber.current() != null) {
      await(fiber, queue, what);
    } else if (queue.await(world(), fiber, what, threadTimeoutNanos)) {
      checkOpenMeanwhile();
    } else {
      throw new SocketTimeoutException("the timeout is over: " + this);
    }
  }

  private void checkOpenMeanwhile() throws AsynchronousCloseException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public final <T> void setOption(SocketOption<T> option, T value) throws ClosedChannelException {
    checkOpen();
    options.set(option, value);
  }

  @Override
  public final <T> T getOption(SocketOption<T> option) throws ClosedChannelException {
    checkOpen();
    return options.get(option);
  }

  @Override
  public final void close() {
    if (!closed && !run.hasCrashed()) {
      closed = true;
      run.sockets.remove(this);
      released();
    }
  }

  /** The socket has another owner from now on, or none: it is closed without an effect. */
  final void handOver() {
    closed = true;
    run.sockets.remove(this);
  }

  /** The socket was closed: ends its waits, and notifies the peer. */
  abstract void released();

  /** The address, for messages. */
  abstract @Nullable Object name();

  @Override
  public final String toString() {
    return String.valueOf(name());
  }
}
