package dev.goasync;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a caller waits for tasks: a coroutine pauses, a thread blocks. */
final class Waits {
  private Waits() {}

  /**
   * Waits until {@code task} has ended.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return false if the time was over first
   */
  static boolean untilEnded(Task<?> task, long nanos) {
    return untilEnded(List.of(task), 1, false, nanos);
  }

  /**
   * Waits until {@code count} of the tasks have ended, or with {@code failFast} one has failed.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return false if the time was over first
   */
  static boolean untilEnded(
      Collection<? extends Task<?>> tasks, int count, boolean failFast, long nanos) {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(tasks, count, failFast, nanos);
    }
    fiber.checkCancelled();
    TaskWait.refuseCycle(fiber, tasks);
    if (nanos == Poller.FOREVER) {
      pause(fiber, tasks, count, failFast);
      return true;
    }
    CancelScope limit = fiber.openLimitedScope(nanos, "the time to wait is over");
    try {
      pause(fiber, tasks, count, failFast);
      return true;
    } catch (Cancellation cancellation) {
      if (cancellation.isFrom(limit)) {
        return false;
      }
      throw cancellation;
    } finally {
      fiber.closeScope(limit);
    }
  }

  private static void pause(
      Fiber fiber, Collection<? extends Task<?>> tasks, int count, boolean failFast) {
    TaskWait wait = new TaskWait(fiber, tasks);
    Consumer<Task<?>> listener = count == 1 ? wait : new Countdown(count, failFast, wait::end);
    for (Task<?> task : tasks) {
      task.addListener(listener);
    }
    fiber.pause(wait);
    if (tasks.size() > 1 || wait.wasCancelled()) {
      for (Task<?> task : tasks) {
        task.removeListener(listener);
      }
    }
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private static boolean block(
      Collection<? extends Task<?>> tasks, int count, boolean failFast, long nanos) {
    refuseOwnLoop(tasks);
    ThreadWait wait = new ThreadWait(loopOf(tasks));
    Consumer<Task<?>> listener = new Countdown(count, failFast, wait::signal);
    for (Task<?> task : tasks) {
      task.addListener(listener);
    }
    ThreadWait.Outcome outcome = wait.await(nanos);
    for (Task<?> task : tasks) {
      task.removeListener(listener);
    }
    return switch (outcome) {
      case SIGNALLED -> true;
      case TIMED_OUT -> false;
      case INTERRUPTED ->
          throw new CancellationException(
              "the thread was interrupted while it waited for " + describe(tasks));
      case DEADLOCKED -> throw new DeadlockException(String.valueOf(wait.deadlockReport()));
    };
  }

  /** Inside sync a coroutine holds its loop, whose other coroutines can't run then. */
  private static void refuseOwnLoop(Collection<? extends Task<?>> tasks) {
    Fiber inSync = Fiber.currentEvenInSync();
    if (inSync != null) {
      for (Task<?> task : tasks) {
        Fiber awaited = task.fiber();
        if (awaited != null && awaited.loop() == inSync.loop() && !task.isCompleted()) {
          throw new IllegalStateException(
              "inside sync, a coroutine cannot wait for "
                  + task
                  + ": it runs on the same loop, which sync blocks; await it outside sync");
        }
      }
    }
  }

  /** The loop on which all the tasks run, if there is one. */
  private static @Nullable Loop loopOf(Collection<? extends Task<?>> tasks) {
    Loop common = null;
    for (Task<?> task : tasks) {
      Fiber fiber = task.fiber();
      if (fiber == null || (common != null && common != fiber.loop())) {
        return null;
      }
      common = fiber.loop();
    }
    return common;
  }

  static String describe(Collection<? extends Task<?>> tasks) {
    return tasks.size() == 1
        ? tasks.iterator().next().toString()
        : tasks.size() + " tasks, the first of them " + tasks.iterator().next();
  }
}
