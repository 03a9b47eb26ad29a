package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.util.SpinLock;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A multishot operation: armed once, it completes for each connection or piece of data that comes.
 * Results that no caller waits for are kept. The object is also the wait of its one caller.
 *
 * <p><b>States</b>, and the fields that encode them:
 *
 * <pre>
 * IDLE      armed == null, !stopped     the kernel has no operation; results may be kept
 * ARMED     armed != null               the kernel has the operation
 * STOPPING  armed != null, and armed.stop() was called
 * STOPPED   stopped                     final; kept results are still delivered
 * </pre>
 *
 * <p><b>Transitions</b>, and the thread that makes them:
 *
 * <pre>
 * IDLE -> ARMED         {@link #next} finds nothing kept and pauses: the loop's current fiber
 * ARMED -> IDLE         the kernel ends the operation by itself (EINTR, EAGAIN, ENOBUFS; an error or
 *                       the end, which is kept as lastResult): the loop's thread. If a caller waits
 *                       and nothing is kept, the operation is armed again at once
 * ARMED -> STOPPING     {@link #stopArming}: too much is kept; or {@link #requestStop}: the loop
 * STOPPING -> IDLE      the last completion comes, and the stop was for too much kept
 * STOPPING -> STOPPED   the last completion comes, and stopRequested
 * IDLE -> STOPPED       requestStop, or the descriptor is found closed when arming
 * </pre>
 *
 * <p><b>Ownership.</b> Until STOPPED everything belongs to the loop. {@code stopped} is written
 * under the lock; a thread that has seen it set owns what is kept, under the lock. Other callers
 * (plain threads, coroutines of other loops) first {@link #end} the prefetch, then take what is
 * kept.
 *
 * <p>The ring defers its work, so the kernel completes an operation only while the loop is in the
 * kernel. Hence all results that the kernel has taken are kept here before a coroutine runs.
 */
abstract class Multishot extends Wait implements Prefetch {
  /** The value of {@link #lastResult} while the operation may go on. */
  private static final int NONE = 1;

  /** The longest wait of a close; a loop that turns needs microseconds. */
  private static final long CLOSE_TIMEOUT_MILLIS = 100;

  /** How often a coroutine that blocks its loop serves that loop's stop requests. */
  private static final long SERVE_INTERVAL_MILLIS = 1;

  final UringPoller poller;
  final Descriptor descriptor;

  /** The operation that the kernel has; null if there is none. */
  private @Nullable UringOperation armed;

  private @Nullable Fiber caller;
  private boolean waiting;
  private int result;

  /** The result that follows all kept ones, 0 at the end of a stream, or -errno. */
  private int lastResult = NONE;

  private boolean stopRequested;
  private volatile boolean stopped;
  private volatile boolean closing;
  private final SpinLock lock = new SpinLock();

  /** Guarded by the lock; completed when STOPPED. */
  private @Nullable CompletableFuture<@Nullable Void> stopFuture;

  Multishot(UringPoller poller, Descriptor descriptor) {
    this.poller = poller;
    this.descriptor = descriptor;
  }

  /** Prepares the submission, except for the descriptor's number. */
  abstract UringOperation prepare(UringOperation operation);

  /** Removes a kept result for the caller and returns it. */
  abstract int removeKept();

  /** Whether no result follows this one. */
  abstract boolean isLast(int completed);

  /** Keeps the result of a completion, or passes it to a caller that {@link #isAwaited}. */
  abstract void deliver(int completed, int flags);

  /** Drops the kept results. Called under the lock, when STOPPED. */
  void discardKept() {}

  // ---- the caller ----

  /** Waits until a result is kept, and removes it. */
  final int next(LinuxIo io) throws IOException {
    if (io != poller || caller != null) {
      end();
    }
    if (stopped) {
      return removeAfterStop();
    }
    Fiber fiber = UringPoller.currentFiber();
    fiber.checkCancelled();
    if (isReady()) {
      fiber.consumeBudget();
      return stopped ? removeAfterStop() : removeReady();
    }
    if (armed == null) {
      arm();
    }
    reset();
    caller = fiber;
    waiting = true;
    poller.pauseIn(this, fiber);
    caller = null;
    if (wasCancelled()) {
      throw fiber.cancellation();
    }
    if (closing && result < 0) {
      throw new AsynchronousCloseException();
    }
    return result == EXHAUSTED ? removeAfterStop() : result;
  }

  private int removeAfterStop() {
    lock.lock();
    try {
      return isReady() ? removeReady() : EXHAUSTED;
    } finally {
      lock.unlock();
    }
  }

  private int removeReady() {
    if (kept() > 0) {
      return removeKept();
    }
    int last = lastResult;
    lastResult = NONE; // the next operation on the descriptor reports it again
    return last;
  }

  @Override
  public final boolean isReady() {
    return kept() > 0 || lastResult != NONE;
  }

  @Override
  protected final void cancel(Fiber cancelled) {
    if (waiting) {
      waiting = false;
      finishCancelled(cancelled);
    }
  }

  final boolean isAwaited() {
    return waiting;
  }

  /** Ends the caller's wait, if it waits. */
  final void wake(int withResult) {
    Fiber fiber = caller;
    if (waiting && fiber != null) {
      waiting = false;
      result = withResult;
      finish(fiber);
    }
  }

  // ---- the kernel: the loop's thread, or its current fiber ----

  private void arm() throws ClosedChannelException {
    armed = poller.multishots.arm(this);
  }

  /** Processes a completion; {@code more} is false for the operation's last one. */
  final void completed(int with, int flags, boolean more) {
    deliver(with, flags);
    if (!more) {
      disarmed(with);
    }
  }

  /** Stops the operation until the caller has taken all that is kept. */
  final void stopArming() {
    if (armed != null) {
      armed.stop();
    }
  }

  /**
   * To be called after the first completion with a result. If a connection has bytes and is reset
   * when the operation is armed, the kernel completes it with the bytes and then waits for another
   * event, which does not come (Linux 6.18). The next arming reports the reset.
   */
  final void stopIfHungUp() {
    UringOperation operation = armed;
    if (operation != null && poller.multishots.isHungUp(operation)) {
      operation.stop();
    }
  }

  private void disarmed(int last) {
    UringOperation operation = armed;
    if (operation == null) {
      return;
    }
    boolean mayContinue =
        switch (-last) {
          case Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS -> true;
          case Errno.ECANCELED -> operation.isStopRequested();
          default -> !isLast(last);
        };
    if (!mayContinue) {
      lastResult = last;
    }
    armed = null;
    poller.multishots.disarm(operation, descriptor);
    if (stopRequested) {
      markStopped();
    } else if (waiting) {
      rearmOrWake();
    }
  }

  private void rearmOrWake() {
    if (isReady()) {
      wake(removeReady());
      return;
    }
    try {
      arm();
    } catch (ClosedChannelException closed) {
      closing = true;
      markStopped();
    }
  }

  // ---- the end ----

  /** Starts the stop. The loop's thread, or its current fiber. */
  final void requestStop() {
    stopRequested = true;
    if (armed != null) {
      armed.stop();
    } else if (!stopped) {
      markStopped();
    }
  }

  private void markStopped() {
    lock.lock();
    stopped = true;
    if (closing) {
      discardKept();
    }
    CompletableFuture<@Nullable Void> future = stopFuture;
    lock.unlock();
    wake(EXHAUSTED);
    if (future != null) {
      future.complete(null);
    }
  }

  @Override
  public final void end() {
    if (stopped) {
      return;
    }
    if (poller.isBlockedByCaller()) { // waiting for the loop would be waiting for itself
      requestStop();
      while (!stopped) {
        poller.poll(0);
      }
      return;
    }
    CompletableFuture<@Nullable Void> future = stopFuture();
    poller.multishots.stop(this);
    UringPoller blocked = MultishotRegistry.blockedByCaller();
    if (blocked == null) {
      FutureWait.awaitUncancellable(future, "the loop that serves " + descriptor);
    } else {
      awaitAndServe(future, blocked);
    }
  }

  /** Waits in a coroutine that blocks its loop; see {@link MultishotRegistry#serveStopRequests}. */
  private static void awaitAndServe(CompletableFuture<?> future, UringPoller blocked) {
    boolean interrupted = false;
    while (!future.isDone()) {
      blocked.multishots.serveStopRequests();
      blocked.poll(0);
      try {
        future.get(SERVE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException later) {
        interrupted = true;
      } catch (ExecutionException | TimeoutException notYet) {
        // serves again
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A plain thread waits for a limited time: the loop may be blocked, by a coroutine that this very
   * close is to end.
   */
  @Override
  public final void endForClose() {
    closing = true;
    if (Fiber.current() != null || poller.isBlockedByCaller()) {
      end();
    } else if (!stopped) {
      CompletableFuture<@Nullable Void> future = stopFuture();
      poller.multishots.stop(this);
      awaitForLimitedTime(future);
    }
    lock.lock();
    if (stopped) {
      discardKept();
    }
    lock.unlock();
  }

  @Override
  public final void endLater() {
    closing = true;
    if (!stopped) {
      poller.multishots.stop(this);
    }
  }

  private static void awaitForLimitedTime(CompletableFuture<@Nullable Void> future) {
    try {
      future.get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException loopIsBlocked) {
      // the loop stops the operation in its next turn
    }
  }

  private CompletableFuture<@Nullable Void> stopFuture() {
    lock.lock();
    try {
      CompletableFuture<@Nullable Void> future = stopFuture;
      if (future == null) {
        future = new CompletableFuture<>();
        stopFuture = future;
      }
      if (stopped) {
        future.complete(null);
      }
      return future;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final WaitDetails details() {
    return WaitDetails.of(describe()).withDescriptor(descriptor(), descriptor);
  }

  @Override
  public final int descriptor() {
    UringOperation operation = armed;
    return operation == null ? WaitDetails.NO_DESCRIPTOR : operation.fd();
  }

  @Override
  public final boolean isExternal() {
    return true;
  }
}
