package dev.goasync;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
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
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(List.of(task), 1, false, nanos);
    }
    TaskWait wait = new TaskWait(fiber, task);
    return pauseLimited(fiber, nanos, () -> pauseForOne(fiber, task, wait));
  }

  /**
   * Waits until {@code count} of the tasks have ended, or with {@code failFast} one has failed.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return false if the time was over first
   */
  static boolean untilEnded(
      List<? extends Task<?>> tasks, int count, boolean failFast, long nanos) {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(tasks, count, failFast, nanos);
    }
    refuseSelf(fiber, tasks);
    TaskWait wait = new TaskWait(fiber, tasks);
    return pauseLimited(fiber, nanos, () -> pauseForSeveral(fiber, tasks, count, failFast, wait));
  }

  private static boolean pauseLimited(Fiber fiber, long nanos, Runnable pause) {
    fiber.checkCancelled();
    if (nanos == Poller.FOREVER) {
      pause.run();
      return true;
    }
    CancelScope limit = fiber.openLimitedScope(nanos, "the time to wait is over");
    try {
      pause.run();
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

  private static void pauseForOne(Fiber fiber, Task<?> task, TaskWait wait) {
    wait.refuseCycle();
    task.addListener(wait);
    fiber.pause(wait);
    if (task.isCompleted()) {
      return;
    }
    task.removeListener(wait);
    if (wait.deadlock() != null) {
      throw new DeadlockException(wait.deadlock());
    }
    throw fiber.cancellation();
  }

  private static void pauseForSeveral(
      Fiber fiber, List<? extends Task<?>> tasks, int count, boolean failFast, TaskWait wait) {
    Consumer<Task<?>> listener = new Countdown(count, failFast, wait::end);
    for (Task<?> task : tasks) {
      task.addListener(listener);
    }
    fiber.pause(wait);
    for (Task<?> task : tasks) {
      task.removeListener(listener);
    }
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private static void refuseSelf(Fiber fiber, List<? extends Task<?>> tasks) {
    for (Task<?> task : tasks) {
      if (task.fiber() == fiber) {
        throw new IllegalStateException(fiber.describe() + " cannot await itself");
      }
    }
  }

  private static boolean block(
      List<? extends Task<?>> tasks, int count, boolean failFast, long nanos) {
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
  private static void refuseOwnLoop(List<? extends Task<?>> tasks) {
    Fiber inSync = Fiber.currentIncludingSync();
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
  private static @Nullable Loop loopOf(List<? extends Task<?>> tasks) {
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

  static String describe(List<? extends Task<?>> tasks) {
    return tasks.size() == 1
        ? tasks.getFirst().toString()
        : tasks.size() + " tasks, the first of them " + tasks.getFirst();
  }
}
