package dev.goasync.internal.loop;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a thread that is not a fiber. A thread that owns a loop runs it meanwhile; any other
 * thread blocks. Created and awaited by the waiting thread, signalled by any thread.
 */
public final class ThreadWait {
  /** How a wait ended. */
  public enum Outcome {
    /** {@link #signal} was called. */
    SIGNALLED,
    /** The timeout is over. */
    TIMED_OUT,
    /** The thread was interrupted; its interrupt status is set. */
    INTERRUPTED,
    /** No thread or coroutine is left that could signal; see {@link #deadlockReport}. */
    DEADLOCKED
  }

  /** The innermost wait of each waiting thread. */
  private static final Map<Thread, ThreadWait> WAITING = new ConcurrentHashMap<>();

  private final Thread thread = Thread.currentThread();
  private final @Nullable Loop ownLoop = Loop.ownedByCurrentThread();
  private final @Nullable Loop awaitedLoop;
  private @Nullable ThreadWait outer;
  private volatile boolean limited;
  private volatile boolean signalled;
  private volatile boolean timedOut;
  private volatile @Nullable String deadlockReport;

  /**
   * @param awaitedLoop the loop whose work the thread waits for; null if there is not exactly one
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

  /** What each coroutine of the deadlocked loop waits for. */
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
    limited = timeoutNanos != Poller.FOREVER;
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

  /** Blocks the thread until the wait ends otherwise than by an interrupt, which is restored. */
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

  /** From here on the thread cannot wake a coroutine. */
  void begin() {
    outer = WAITING.put(thread, this);
    if (awaitedLoop != null) {
      awaitedLoop.waiterAdded();
    }
  }

  /** The thread no longer waits. */
  void end() {
    if (outer != null) {
      WAITING.put(thread, outer);
    } else {
      WAITING.remove(thread);
    }
    if (awaitedLoop != null) {
      awaitedLoop.waiterRemoved();
    }
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

  /**
   * Whether {@code candidate} is blocked in such a wait, has no time limit, and runs no loop
   * meanwhile that has work. Such a thread wakes no coroutine until its wait ends.
   */
  public static boolean isBlocked(Thread candidate) {
    ThreadWait wait = WAITING.get(candidate);
    return wait != null
        && !wait.isOver()
        && !wait.limited
        && (wait.ownLoop == null || wait.ownLoop.isWithoutWork());
  }

  /** The waits that are not over. Any thread; a snapshot. */
  public static List<ThreadWait> all() {
    return WAITING.values().stream().filter(wait -> !wait.isOver()).toList();
  }

  /** The waiting thread. */
  public Thread thread() {
    return thread;
  }

  /** The loop whose work the thread waits for; null if there is not exactly one. */
  public @Nullable Loop awaitedLoop() {
    return awaitedLoop;
  }

  /** The waits for work of {@code loop} that are not over. Any thread; a snapshot. */
  public static List<ThreadWait> of(Loop loop) {
    return WAITING.values().stream()
        .filter(wait -> wait.awaitedLoop == loop && !wait.isOver())
        .toList();
  }

  /** Ends the wait, if it is not over, as one that can never be signalled. Any thread. */
  public void reportDeadlock(String report) {
    deadlockReport = report;
    wake();
  }
}
