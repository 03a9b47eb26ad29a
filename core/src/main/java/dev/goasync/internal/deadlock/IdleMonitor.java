package dev.goasync.internal.deadlock;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.IdleStrategy;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.vthread.JvmCallbacks;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Finds, while a loop is idle, whether the program is over and whether the loop is deadlocked.
 *
 * <p>Both depend on which threads are alive, which the JVM does not signal, so the loop polls:
 * after a millisecond of idleness first, then at intervals that grow to a quarter of a second. A
 * loop that has run a task since the last poll starts anew, so a busy program pays nothing. A loop
 * with I/O, timers or external waits sleeps without polling. A deadlock is reported when two polls
 * in a row find no thread and no loop that could wake a coroutine; docs/adr/0027 has the
 * definition.
 *
 * <p>One per loop; owned by the loop's thread.
 */
public final class IdleMonitor implements IdleStrategy {
  private static final long FIRST_INTERVAL = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MAX_INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int POLLS_TO_REPORT = 2;

  private final DeadlockOption option;
  private final BooleanSupplier couldThreadWake;
  private long interval = FIRST_INTERVAL;
  private long tasksRunBefore = -1;
  private int pollsWithoutWaker;
  private volatile boolean deadlockReported;

  /** A monitor with the process's option. */
  public IdleMonitor() {
    this(
        DeadlockOption.chosen(),
        new BooleanSupplier() { // not a lambda, for the sake of a program's start
          @Override
          public boolean getAsBoolean() {
            return LiveThreads.couldWake();
          }
        });
  }

  /**
   * A monitor for a test. It throws a deadlock, and assumes that threads and callbacks of the JVM
   * which exist now, such as those of a test framework, wake no coroutine.
   */
  public static IdleMonitor ignoringExistingThreads() {
    Set<Thread> existing = LiveThreads.snapshot();
    boolean callbacksExist = JvmCallbacks.areRegistered();
    return new IdleMonitor(
        DeadlockOption.THROW,
        () ->
            LiveThreads.couldThreadWake(existing)
                || (!callbacksExist && JvmCallbacks.areRegistered()));
  }

  IdleMonitor(DeadlockOption option, BooleanSupplier couldThreadWake) {
    this.option = option;
    this.couldThreadWake = couldThreadWake;
  }

  @Override
  public long nextWakeup(Loop loop) {
    boolean endless = loop.liveCount() == 0 && loop.keepsProgramAlive();
    boolean suspicious =
        option != DeadlockOption.OFF
            && !deadlockReported
            && (loop.isStuck() || loop.isAwaitedWhileIdle());
    if (!endless && !suspicious) {
      reset();
      return Poller.FOREVER;
    }
    if (tasksRunBefore != loop.tasksRun()) {
      tasksRunBefore = loop.tasksRun();
      reset();
      return interval;
    }
    if (endless && LoopRegistry.isAllIdle() && !LiveThreads.keepProgramAlive()) {
      loop.retire();
      return 0;
    }
    return suspicious ? pollForDeadlock(loop) : nextInterval();
  }

  /** A waiter that joins after a report must be reported too, and a sleeping loop must look. */
  @Override
  public void waiterAdded(Loop loop) {
    boolean asleep = loop.fiberCount() == 0 && !loop.keepsProgramAlive();
    if (option != DeadlockOption.OFF && (deadlockReported || asleep)) {
      loop.executeQuietly(() -> deadlockReported = false);
    }
  }

  private void reset() {
    interval = FIRST_INTERVAL;
    pollsWithoutWaker = 0;
  }

  private long nextInterval() {
    long next = interval;
    interval = Math.min(interval + interval / 16, MAX_INTERVAL);
    return next;
  }

  /**
   * The waiters are listed before the possible wakers: a thread that goes on meanwhile, and then
   * waits for other work, must not receive the report. The inbox is read last: a thread that waits
   * by then has submitted its work before.
   */
  private long pollForDeadlock(Loop loop) {
    List<ThreadWait> waits = ThreadWait.of(loop);
    if (couldThreadWake.getAsBoolean() || couldOtherLoopWake(loop)) {
      pollsWithoutWaker = 0;
      return nextInterval();
    }
    boolean noWaiter = loop.fiberCount() == 0 && waits.isEmpty();
    if (noWaiter || loop.hasMail()) {
      return 0;
    }
    if (++pollsWithoutWaker < POLLS_TO_REPORT) {
      return nextInterval();
    }
    deadlockReported = true;
    String report = DeadlockReport.of(loop);
    if (option == DeadlockOption.LOG || waits.isEmpty()) {
      Log.error(report, null);
    } else {
      waits.forEach(wait -> wait.reportDeadlock(report));
    }
    return 0;
  }

  /** Whether a fiber of another loop may use something that a fiber of this loop waits for. */
  private static boolean couldOtherLoopWake(Loop loop) {
    return LoopRegistry.isAnotherBusy(loop)
        && (loop.fiberCount() == 0
            || loop.fibers().stream()
                .map(Fiber::waiting)
                .anyMatch(wait -> wait != null && wait.isShared()));
  }
}
