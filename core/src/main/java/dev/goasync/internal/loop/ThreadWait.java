package dev.goasync.internal.loop;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a thread that is no fiber. A thread that owns a loop runs it meanwhile; any other
 * just blocks. Made and awaited by the waiting thread, signalled by any.
 */
public final class ThreadWait {
  /** How a wait ended. */
  public enum Outcome {
    /** {@link #signal} was called. */
    SIGNALLED,
    /** The time is over. */
    TIMED_OUT,
    /** The thread was interrupted; its interrupt status is set. */
    INTERRUPTED,
    /** Nothing can ever signal; see {@link #deadlockReport}. */
    DEADLOCKED
  }

  private static final Set<ThreadWait> ALL = ConcurrentHashMap.newKeySet();

  private final Thread thread = Thread.currentThread();
  private final @Nullable Loop ownLoop = Loop.ownedByCurrentThread();
  private final @Nullable Loop awaitedLoop;
  private volatile boolean signalled;
  private volatile boolean timedOut;
  private volatile @Nullable String deadlockReport;

  /**
   * @param awaitedLoop the loop whose work the thread waits for, if it is one's
   */
  public ThreadWait(@Nullable Loop awaitedLoop) {
    this.awaitedLoop = awaitedLoop;
  }

  /** Ends the wait. Any thread. */
  public void signal() {
    signalled = true;
    wake();
  }

  private void wake() {
    if (ownLoop != null) {
      ownLoop.execute(() -> {});
    } else {
      LockSupport.unpark(thread);
    }
  }

  /** What every coroutine of the deadlocked loop waits for. */
  public @Nullable String deadlockReport() {
    return deadlockReport;
  }

  boolean isOver() {
    return signalled || timedOut || deadlockReport != null || thread.isInterrupted();
  }

  /**
   * Blocks the thread.
   *
   * @param timeoutNanos {@link Poller#FOREVER} for no limit
   */
  public Outcome await(long timeoutNanos) {
    begin();
    try {
      if (ownLoop != null) {
        awaitOnOwnLoop(ownLoop, timeoutNanos);
      } else {
        awaitParked(timeoutNanos);
      }
    } finally {
      end();
    }
    if (signalled) {
      return Outcome.SIGNALLED;
    }
    if (deadlockReport != null) {
      return Outcome.DEADLOCKED;
    }
    return thread.isInterrupted() ? Outcome.INTERRUPTED : Outcome.TIMED_OUT;
  }

  /** Blocks the thread until something other than an interrupt, which is kept, ends the wait. */
  public Outcome awaitUninterrupted() {
    boolean interrupted = false;
    Outcome outcome = await(Poller.FOREVER);
    while (outcome == Outcome.INTERRUPTED) {
      interrupted |= Thread.interrupted();
      outcome = await(Poller.FOREVER);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome;
  }

  /** The thread waits from here on, and cannot wake a coroutine. */
  void begin() {
    ALL.add(this);
    if (awaitedLoop != null) {
      awaitedLoop.idleMonitor().waiterAdded();
    }
  }

  /** The thread no longer waits. */
  void end() {
    ALL.remove(this);
  }

  private void awaitOnOwnLoop(Loop loop, long timeoutNanos) {
    if (timeoutNanos == Poller.FOREVER) {
      loop.runUntil(this);
      return;
    }
    LoopTimer limit =
        new LoopTimer() {
          @Override
          protected void fire() {
            timedOut = true;
          }
        };
    loop.addTimer(limit, loop.time().nanoTime() + timeoutNanos);
    try {
      loop.runUntil(this);
    } finally {
      loop.cancelTimer(limit);
    }
  }

  private void awaitParked(long timeoutNanos) {
    long start = System.nanoTime();
    while (!isOver()) {
      if (timeoutNanos == Poller.FOREVER) {
        LockSupport.park(this);
        continue;
      }
      long left = timeoutNanos - (System.nanoTime() - start);
      if (left <= 0) {
        timedOut = true;
        return;
      }
      LockSupport.parkNanos(this, left);
    }
  }

  /** Whether {@code candidate} is blocked in such a wait, which nothing has ended yet. */
  static boolean isWaiting(Thread candidate) {
    return ALL.stream().anyMatch(wait -> wait.thread == candidate && !wait.isOver());
  }

  /** The waits for {@code loop}'s work that are not over. */
  static List<ThreadWait> of(Loop loop) {
    return ALL.stream().filter(wait -> wait.awaitedLoop == loop && !wait.isOver()).toList();
  }

  /** Ends the wait, if it is not over: nothing can ever signal it. Any thread. */
  void reportDeadlock(String report) {
    deadlockReport = report;
    wake();
  }
}
