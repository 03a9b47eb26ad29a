package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The multishot operations of a loop: arms them, and stops them on request. Owned by the loop. */
final class MultishotRegistry {
  private final UringPoller poller;
  private final OperationPool pool;
  private final SystemCalls calls;

  /** Operations to stop. Any thread adds. */
  private final ConcurrentLinkedQueue<Multishot> stopRequests = new ConcurrentLinkedQueue<>();

  /** How many operations the kernel has. */
  private int armed;

  MultishotRegistry(UringPoller poller, OperationPool pool, SystemCalls calls) {
    this.poller = poller;
    this.pool = pool;
    this.calls = calls;
  }

  /** Queues a multishot operation; it completes repeatedly until {@link #disarm}. */
  UringOperation arm(Multishot multishot) throws ClosedChannelException {
    UringOperation operation = multishot.prepare(pool.acquire());
    try {
      operation.setFd(multishot.descriptor.enter(operation.use));
    } catch (ClosedChannelException closed) {
      pool.release(operation);
      throw closed;
    }
    poller.queue(operation);
    armed++;
    return operation;
  }

  /** Whether the peer of an armed operation's connection has ended or reset it. */
  boolean isHungUp(UringOperation operation) {
    return calls.pollNow(operation.fd(), Linux.POLLRDHUP) > 0;
  }

  /** Releases a multishot operation that has completed for the last time. */
  void disarm(UringOperation operation, Descriptor descriptor) {
    armed--;
    operation.endMultishot();
    descriptor.leave(operation.use, calls);
    pool.release(operation);
  }

  /** Stops all operations before the ring is closed; their kept results outlive it. */
  void stopAll() {
    for (UringOperation operation : pool.all()) {
      Multishot multishot = operation.multishot();
      if (multishot != null) {
        multishot.requestStop();
      }
    }
    while (armed > 0) {
      poller.poll(0);
    }
  }

  /** Stops an operation soon. Any thread. */
  void stop(Multishot multishot) {
    stopRequests.add(multishot);
    poller.execute(this::serveStopRequests);
  }

  /**
   * Starts the requested stops. Called by the loop, and by a coroutine that blocks the loop while
   * it waits for another loop to stop an operation: that loop may be blocked in the same way, and
   * wait for this one.
   */
  void serveStopRequests() {
    Multishot next;
    while ((next = stopRequests.poll()) != null) {
      next.requestStop();
    }
  }

  /** The poller of the loop that the calling coroutine blocks; null if it blocks none. */
  static @Nullable UringPoller blockedByCaller() {
    Fiber blocking = Fiber.current() == null ? Fiber.currentIncludingSync() : null;
    return blocking != null && blocking.loop().openedPoller() instanceof UringPoller poller
        ? poller
        : null;
  }
}
