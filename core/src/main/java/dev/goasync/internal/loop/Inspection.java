package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * Reads the state of loops and fibers that no other package may see, for dumps. The loop's thread
 * or its current fiber; on any other thread the results may be stale.
 */
public final class Inspection {
  /** What a fiber does. */
  public enum State {
    /** Its first run is queued. */
    STARTING,
    /** It runs, or waits for its turn to run. */
    RUNNABLE,
    /** It is paused in a {@link Wait}. */
    WAITING,
    /** It waits inside the JDK: for a lock, a queue or a sleep of java.base. */
    WAITING_IN_JDK
  }

  /**
   * The counters of a loop.
   *
   * @param nanosToNextTimer {@link Poller#FOREVER} if there is no timer
   * @param inFlight operations that the kernel or a worker thread will complete
   */
  public record Counters(int ready, int timers, long nanosToNextTimer, int inFlight) {}

  /**
   * What any thread may read of a loop.
   *
   * @param started how many fibers have started so far
   * @param failed how many of them have failed
   * @param cancelled how many of them have ended by a cancel
   */
  public record Totals(
      long started, long failed, long cancelled, int ready, int timers, int inFlight) {}

  private Inspection() {}

  /** The totals of the loop. Any thread; a snapshot. */
  public static Totals totalsOf(Loop loop) {
    FiberSet fibers = loop.fibers;
    return new Totals(
        fibers.started(),
        fibers.failed(),
        fibers.cancelled(),
        loop.runner().readyCount(),
        loop.timersQueued(),
        loop.currentPoller().inFlight());
  }

  /** Counts the end of a fiber that has no result. Loop's thread or current fiber. */
  public static void endedWithout(Fiber fiber, boolean cancelled) {
    fiber.loop().fibers.endedWithout(cancelled);
  }

  /** The fibers of the loop that have not ended, in no order; some may have ended since. */
  public static @Nullable Fiber[] fibersOf(Loop loop) {
    return loop.fibers.copy();
  }

  /** The counters of the loop. */
  public static Counters countersOf(Loop loop) {
    return new Counters(
        loop.runner().readyCount(),
        loop.timersQueued(),
        loop.runner().untilNextTimer(),
        loop.currentPoller().inFlight());
  }

  /** Measures the loop's turns from now on. The loop's thread. */
  public static void measureTurns(Loop loop) {
    LoopRunner runner = loop.runner();
    if (runner.meter == null) {
      runner.meter = new TurnMeter();
    }
  }

  /** The meter of the loop's turns; null if they are not measured. */
  public static @Nullable TurnMeter turnsOf(Loop loop) {
    return loop.runner().meter;
  }

  /** Whether the fiber has ended. */
  public static boolean hasEnded(Fiber fiber) {
    return fiber.slot == FiberSet.NO_SLOT;
  }

  /** The state of a fiber. */
  public static State stateOf(Fiber fiber) {
    if (!fiber.begun) {
      return State.STARTING;
    }
    Wait wait = fiber.waiting();
    if (wait != null) {
      return wait.isFinished() ? State.RUNNABLE : State.WAITING;
    }
    return switch (fiber.thread().getState()) {
      case WAITING, TIMED_WAITING, BLOCKED -> State.WAITING_IN_JDK;
      case NEW, RUNNABLE, TERMINATED -> State.RUNNABLE;
    };
  }

  /** The reason of a cancel of the fiber or of one of its scopes; null if there is none. */
  public static @Nullable String cancelReasonOf(Fiber fiber) {
    String reason = fiber.cancelReason;
    for (CancelScope s = fiber.scope; s != null && reason == null; s = s.parent) {
      reason = s.reason;
    }
    return reason;
  }

  /** Whether the innermost part of the fiber is shielded from cancels. */
  public static boolean isShielded(Fiber fiber) {
    for (CancelScope s = fiber.scope; s != null; s = s.parent) {
      if (s.shield) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the fiber keeps its loop from running anything else. In full mode it is then mounted on
   * the loop's thread, which the JDK shows in the description of a virtual thread only. Any thread.
   */
  public static boolean isMounted(Fiber fiber) {
    return Fiber.runOnLoopThread()
        ? fiber.thread().toString().endsWith("@" + fiber.loop().thread().getName())
        : fiber.isMounted();
  }

  /** Whether the loop is in a turn: not asleep, and its thread runs it. Any thread; a snapshot. */
  public static boolean isBusy(Loop loop) {
    return loop.runner().isRunning() && !loop.inbox().isAsleep();
  }

  /**
   * The fiber that {@link #isMounted}; null if none is found. In portable mode it may wait inside
   * the JDK, which keeps the loop. Any thread.
   */
  public static @Nullable Fiber mountedOn(Loop loop) {
    for (Fiber fiber : fibersOf(loop)) {
      boolean mayRun =
          fiber != null && (!Fiber.runOnLoopThread() || stateOf(fiber) == State.RUNNABLE);
      if (fiber != null && mayRun && isMounted(fiber)) {
        return fiber;
      }
    }
    return null;
  }
}
