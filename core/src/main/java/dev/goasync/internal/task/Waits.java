package dev.goasync.internal.task;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for tasks: a coroutine pauses, a thread blocks. */
public final class Waits {
  private Waits() {}

  /**
   * Waits until {@code task} has ended.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return false if the time was over first
   */
  static boolean untilEnded(TaskCore<?> task, long nanos) {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(List.of(task), new Countdown(1, false), nanos);
    }
    TaskWait wait = new TaskWait(fiber, task);
    return pauseLimited(fiber, nanos, () -> pauseForOne(fiber, task, wait));
  }

  /**
   * Waits until all tasks have ended with a result, or one has failed or was cancelled.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return the task whose failure ended the wait, or null if all tasks have a result. A failure
   *     comes before a cancel, which is often its consequence; of several, the first one in time.
   * @throws RuntimeException a {@code DeadlineExceededException} if the time was over first
   */
  public static @Nullable TaskCore<?> awaitAll(
      List<? extends TaskCore<?>> tasks, long nanos, @Nullable Duration timeout) {
    Countdown countdown = new Countdown(tasks.size(), true);
    if (!tasks.isEmpty() && !untilEnded(tasks, countdown, nanos)) {
      throw exceeded(tasks, timeout);
    }
    TaskCore<?> first = countdown.firstFailed;
    for (TaskCore<?> task : tasks) {
      boolean isFailure = TaskCore.isFailure(task.end());
      if (isFailure && (first == null || (isCancelled(first) && !isCancelled(task)))) {
        first = task;
      }
    }
    return first;
  }

  /**
   * Waits until one of the tasks has ended.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return the first task of the list that has ended
   * @throws IllegalArgumentException if {@code tasks} is empty
   * @throws RuntimeException a {@code DeadlineExceededException} if the time was over first
   */
  public static <E extends TaskCore<?>> E awaitAny(
      List<E> tasks, long nanos, @Nullable Duration timeout) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("tasks is empty: awaitAny would wait for ever");
    }
    if (tasks.stream().allMatch(task -> task.end() == null)
        && !untilEnded(tasks, new Countdown(1, false), nanos)) {
      throw exceeded(tasks, timeout);
    }
    return tasks.stream().filter(task -> task.end() != null).findFirst().orElseThrow();
  }

  private static RuntimeException exceeded(
      List<? extends TaskCore<?>> tasks, @Nullable Duration timeout) {
    return SharedSecrets.get()
        .deadlineExceeded(describe(tasks), Objects.requireNonNull(timeout, "timeout"));
  }

  private static boolean isCancelled(TaskCore<?> task) {
    return TaskCore.wasCancelled(task.end());
  }

  /** A copy of {@code tasks}, without nulls. */
  public static <E> List<E> checked(Collection<? extends E> tasks) {
    List<E> checked = new ArrayList<>(Objects.requireNonNull(tasks, "tasks"));
    for (int i = 0; i < checked.size(); i++) {
      Objects.requireNonNull(checked.get(i), "tasks[" + i + "]");
    }
    return checked;
  }

  /** Waits until {@code countdown} signals; returns false if the time was over first. */
  private static boolean untilEnded(
      List<? extends TaskCore<?>> tasks, Countdown countdown, long nanos) {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(tasks, countdown, nanos);
    }
    refuseSelf(fiber, tasks);
    TaskWait wait = new TaskWait(fiber, tasks);
    countdown.signal = wait::end;
    return pauseLimited(fiber, nanos, () -> pauseForSeveral(fiber, tasks, countdown, wait));
  }

  private static boolean pauseLimited(Fiber fiber, long nanos, Runnable pause) {
    fiber.checkCancelled();
    if (nanos == Poller.FOREVER) {
      pause.run();
      return true;
    }
    CancelScope limit = fiber.openLimitedScope(nanos, "the time to wait is over").ofOneWait();
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

  private static void pauseForOne(Fiber fiber, TaskCore<?> task, TaskWait wait) {
    wait.refuseCycle();
    task.addListener(wait);
    fiber.pause(wait);
    if (task.end() != null) {
      return;
    }
    task.removeListener(wait);
    if (wait.deadlock() != null) {
      throw SharedSecrets.get().deadlock(wait.deadlock());
    }
    throw fiber.cancellation();
  }

  private static void pauseForSeveral(
      Fiber fiber, List<? extends TaskCore<?>> tasks, Countdown countdown, TaskWait wait) {
    for (TaskCore<?> task : tasks) {
      task.addListener(countdown);
    }
    fiber.pause(wait);
    for (TaskCore<?> task : tasks) {
      task.removeListener(countdown);
    }
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private static void refuseSelf(Fiber fiber, List<? extends TaskCore<?>> tasks) {
    for (TaskCore<?> task : tasks) {
      if (task.fiber() == fiber) {
        throw new IllegalStateException(fiber.describe() + " cannot await itself");
      }
    }
  }

  private static boolean block(List<? extends TaskCore<?>> tasks, Countdown countdown, long nanos) {
    refuseOwnLoop(tasks);
    ThreadWait wait = new ThreadWait(loopOf(tasks));
    countdown.signal = wait::signal;
    for (TaskCore<?> task : tasks) {
      task.addListener(countdown);
    }
    ThreadWait.Outcome outcome = wait.await(nanos);
    for (TaskCore<?> task : tasks) {
      task.removeListener(countdown);
    }
    return switch (outcome) {
      case SIGNALLED -> true;
      case TIMED_OUT -> false;
      case INTERRUPTED ->
          throw new CancellationException(
              "the thread was interrupted while it waited for " + describe(tasks));
      case DEADLOCKED -> throw SharedSecrets.get().deadlock(String.valueOf(wait.deadlockReport()));
    };
  }

  /** Inside sync a coroutine holds its loop, whose other coroutines cannot run then. */
  private static void refuseOwnLoop(List<? extends TaskCore<?>> tasks) {
    Fiber inSync = Fiber.currentIncludingSync();
    if (inSync != null) {
      for (TaskCore<?> task : tasks) {
        Fiber awaited = task.fiber();
        if (awaited != null && awaited.loop() == inSync.loop() && task.end() == null) {
          throw new IllegalStateException(
              "inside sync, a coroutine cannot wait for "
                  + task
                  + ": it runs on the same loop, which sync blocks; await it outside sync");
        }
      }
    }
  }

  /** The loop on which all the tasks run, if there is one. */
  private static @Nullable Loop loopOf(List<? extends TaskCore<?>> tasks) {
    Loop common = null;
    for (TaskCore<?> task : tasks) {
      Fiber fiber = task.fiber();
      if (fiber == null || (common != null && common != fiber.loop())) {
        return null;
      }
      common = fiber.loop();
    }
    return common;
  }

  /** The awaited tasks, for a message. */
  static String describe(List<? extends TaskCore<?>> tasks) {
    return tasks.size() == 1
        ? tasks.getFirst().toString()
        : tasks.size() + " tasks, the first of them " + tasks.getFirst();
  }

  /** Signals when a number of tasks have ended, or with {@code failFast} when the first fails. */
  private static final class Countdown implements Consumer<TaskCore<?>> {
    private final AtomicInteger left;
    private final boolean failFast;

    /** Set before the countdown is added as a listener. */
    private Runnable signal = () -> {};

    private volatile @Nullable TaskCore<?> firstFailed;

    Countdown(int count, boolean failFast) {
      this.left = new AtomicInteger(count);
      this.failFast = failFast;
    }

    @Override
    public void accept(TaskCore<?> ended) {
      boolean failed = failFast && TaskCore.isFailure(ended.end());
      if (failed && firstFailed == null) {
        firstFailed = ended;
      }
      if (left.decrementAndGet() == 0 || failed) {
        signal.run();
      }
    }
  }
}
