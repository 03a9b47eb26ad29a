package dev.goasync.internal.simulated.resource;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.Pollable;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** An open resource of a simulated program. Used by coroutines of that program only. */
public abstract class SimulatedResource {
  private final ResourceOwner owner;
  private boolean closed;

  /** Opens a resource, which counts as a descriptor of {@code owner}. */
  protected SimulatedResource(ResourceOwner owner) {
    this(owner, true);
  }

  /**
   * Opens a resource that the program need not close, such as a standard stream.
   *
   * @param counts whether the resource counts as a descriptor
   */
  protected SimulatedResource(ResourceOwner owner, boolean counts) {
    this.owner = owner;
    if (counts) {
      owner.resources().add(this);
    }
  }

  /** The program that has opened the resource. */
  public final ResourceOwner owner() {
    return owner;
  }

  /** Whether the resource is closed. */
  public final boolean isClosed() {
    return closed;
  }

  /** Throws if the resource is closed. */
  protected final void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Begins an operation: checks the caller and the resource, and may let others run first. */
  protected final Fiber begin() throws ClosedChannelException {
    Fiber fiber = caller();
    checkOpen();
    fiber.checkCancelled();
    if (owner.yieldsFirst()) {
      fiber.yieldNow();
      checkOpenMeanwhile();
    }
    return fiber;
  }

  /**
   * The coroutine that calls, also inside {@code sync} or {@code offload}, where it is not current.
   *
   * @throws IllegalStateException if the caller is not a coroutine of the owner
   */
  private Fiber caller() {
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber == null || !owner.owns(fiber)) {
      throw new IllegalStateException(
          "a "
              + kind()
              + " of the simulated "
              + owner
              + " can be used by coroutines of that host only: "
              + this);
    }
    return fiber;
  }

  /** Waits for a change; throws if the resource is closed meanwhile. */
  protected final void await(Fiber fiber, WaitQueue queue, Object what)
      throws AsynchronousCloseException {
    queue.await(fiber, what);
    checkOpenMeanwhile();
  }

  /**
   * As {@link #await(Fiber, WaitQueue, Object)}, with a time limit for a caller that is not in a
   * coroutine.
   *
   * @throws SocketTimeoutException if the limit is over first
   */
  protected final void await(Fiber fiber, WaitQueue queue, Object what, long threadTimeoutNanos)
      throws AsynchronousCloseException, SocketTimeoutException {
    if (threadTimeoutNanos == Pollable.Timed.NO_TIMEOUT || Fiber.current() != null) {
      await(fiber, queue, what);
    } else if (queue.await(owner, fiber, what, threadTimeoutNanos)) {
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

  /** Closes the resource; has no effect if it is closed, or if its owner has crashed. */
  public final void close() {
    if (!closed && !owner.hasCrashed()) {
      closed = true;
      owner.resources().remove(this);
      released();
    }
  }

  /** The resource has another owner from now on, or none: it is closed without an effect. */
  protected final void handOver() {
    closed = true;
    owner.resources().remove(this);
  }

  /** The resource was closed: ends its waits, and notifies the peer. */
  protected abstract void released();

  /** The kind, for messages, such as "socket". */
  public abstract String kind();

  /** The address, for messages. */
  protected abstract @Nullable Object name();

  @Override
  public final String toString() {
    return String.valueOf(name());
  }
}
