package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Loop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One short piece of work for a loop, which the loop's thread may be too busy to begin. The first
 * of the loop and the caller to claim the work decides whether it runs, so it never runs after the
 * caller has given up.
 */
final class OnLoop implements Runnable {
  private final Runnable work;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private boolean rejected;

  private OnLoop(Runnable work) {
    this.work = work;
  }

  /**
   * Runs {@code work} on the loop's thread, or at once if the caller is there.
   *
   * @return whether it has run; false if the loop is closed or did not begin in time
   */
  static boolean run(Loop loop, long patienceNanos, Runnable work) {
    return loop.isCurrent() ? runHere(work) : submit(loop, work).await(patienceNanos);
  }

  private static boolean runHere(Runnable work) {
    work.run();
    return true;
  }

  /** Submits {@code work}; its caller must not be on the loop. */
  static OnLoop submit(Loop loop, Runnable work) {
    OnLoop submitted = new OnLoop(work);
    try {
      loop.execute(submitted);
    } catch (RejectedExecutionException closed) {
      submitted.rejected = true;
    }
    return submitted;
  }

  @Override
  public void run() {
    if (claimed.compareAndSet(false, true)) {
      try {
        work.run();
      } finally {
        done.countDown();
      }
    }
  }

  /** Waits for the work to begin, at most for the given time, and for its end. */
  boolean await(long patienceNanos) {
    boolean interrupted = false;
    long patience = rejected ? 0 : patienceNanos;
    while (true) {
      try {
        if (done.await(patience, TimeUnit.NANOSECONDS)) {
          break;
        }
        if (claimed.compareAndSet(false, true)) {
          restore(interrupted);
          return false;
        }
        done.await();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
        patience = 0;
      }
    }
    restore(interrupted);
    return true;
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
