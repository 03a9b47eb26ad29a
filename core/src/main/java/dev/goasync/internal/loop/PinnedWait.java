package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The wait of a fiber that cannot unmount, since native code or a class initializer lies on its
 * stack. The fiber keeps the loop's thread, so no other fiber of the loop runs until it leaves that
 * frame. Full mode only; in portable mode such a fiber blocks a thread of the JDK.
 *
 * <p>There are two cases:
 *
 * <ul>
 *   <li>The loop's poller, a timer or another thread ends the wait: the fiber does the rest of the
 *       loop's turn itself. It runs the tasks that other threads send, fires timers and polls. A
 *       thread that ends the wait without a message to the loop does not wake the poller, so a poll
 *       lasts {@link #MAX_POLL_NANOS} at most. Cancels and time limits work as in any wait.
 *   <li>Only another fiber of the loop can end it: the wait is withdrawn by the path of a cancel,
 *       and {@link Fiber#cancellation} throws an IllegalStateException that states why.
 * </ul>
 *
 * In a simulation every wait ends by what runs on the same thread, so all are of the second kind.
 *
 * <p>A fiber learns that it is pinned from its park, which returns although the wait is not
 * finished ({@code Fiber.isPinned}). So a fiber that can unmount pays nothing for this. The park
 * returns by a permit that the loop's thread holds while it runs fibers. A park of the JDK's own
 * below the same frame, such as {@link Thread#sleep}, uses the permit up until the next turn.
 */
final class PinnedWait {
  private static final long MIN_POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long MAX_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String PLACE = "below native code or a class initializer";

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final Fiber fiber;
  private final Loop loop;
  private final Wait awaited;
  private boolean failed;

  PinnedWait(Fiber fiber, Wait awaited) {
    this.fiber = fiber;
    this.loop = fiber.loop();
    this.awaited = awaited;
  }

  /** Returns when the wait is finished; returns whether the thread was interrupted meanwhile. */
  boolean await() {
    if (awaited.needsOtherFibers() || loop.hooks() != null) {
      refuse();
    } else if (WARNED.compareAndSet(false, true)) {
      fiber.runDetached(this::warn);
    }
    boolean interrupted = pollUntilFinished();
    LockSupport.unpark(loop.thread()); // for the next wait below the same frame
    return interrupted;
  }

  private boolean pollUntilFinished() {
    boolean interrupted = false;
    long pollNanos = MIN_POLL_NANOS;
    while (!awaited.isFinished()) {
      turn(pollNanos);
      if (Thread.interrupted()) {
        interrupted = true;
        fiber.requestCancel(awaited);
      }
      if (fiber.isCancelPending()) {
        fiber.requestCancel(awaited);
      }
      pollNanos = Math.min(pollNanos * 2, MAX_POLL_NANOS);
    }
    return interrupted;
  }

  /** A failed turn is repeated: the kernel may still use memory of the operation. */
  private void turn(long pollNanos) {
    try {
      fiber.runDetached(() -> loop.runner().turnForPinned(fiber, awaited, pollNanos));
    } catch (Throwable failure) {
      if (!failed) {
        failed = true;
        Log.error(loop.name() + " could not complete a turn and will try again", failure);
      }
      Thread.yield();
    }
  }

  private void refuse() {
    loop.runner()
        .refuseWait(
            PLACE
                + ", a coroutine cannot wait for "
                + awaited.describe()
                + ": it keeps the thread of "
                + loop.name()
                + ", whose other coroutines would have to run; wait outside that code, or do that"
                + " work on GoAsync.offload");
    fiber.requestCancel(awaited);
  }

  private void warn() {
    String text =
        fiber.describe()
            + " waits "
            + PLACE
            + " for "
            + awaited.describe()
            + ": "
            + loop.name()
            + " runs no other coroutine meanwhile; wait outside that code (logged once)";
    Log.warning(text, new Exception("the place of the wait"));
  }
}
