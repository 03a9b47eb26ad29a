package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one scope: running ones, ones that wait for their turn, ended ones that nobody has
 * asked for. Owned by the loop of the scope's owner, on which all of them run.
 */
final class ScopeTasks {
  private final Fiber owner;
  private final int parallelism;
  private final Consumer<Task<?>> onEnd;
  private final Map<Task<?>, Fiber> running = new LinkedHashMap<>();
  private final ArrayDeque<TaskFiber<?>> waiting = new ArrayDeque<>();
  private final ArrayDeque<Task<?>> ended = new ArrayDeque<>();
  private final List<ScopeWait> waits = new ArrayList<>();
  private @Nullable String cancelReason;

  ScopeTasks(Fiber owner, int parallelism, Consumer<Task<?>> onEnd) {
    this.owner = owner;
    this.parallelism = parallelism;
    this.onEnd = onEnd;
  }

  void start(TaskFiber<?> fiber) {
    if (cancelReason != null) {
      fiber.cancel(cancelReason);
    }
    if (running.size() < parallelism) {
      begin(fiber);
    } else {
      waiting.add(fiber);
    }
  }

  private void begin(TaskFiber<?> fiber) {
    running.put(fiber.task, fiber);
    fiber.task.addListener(this::end);
    owner.loop().startFiber(fiber);
  }

  /** The last act of a task's coroutine. */
  private void end(Task<?> task) {
    running.remove(task);
    ended.add(task);
    onEnd.accept(task);
    TaskFiber<?> next = waiting.poll();
    if (next != null) {
      begin(next);
    }
    for (int i = waits.size() - 1; i >= 0; i--) {
      waits.get(i).check();
    }
  }

  boolean areDone() {
    return running.isEmpty() && waiting.isEmpty();
  }

  boolean hasEnded() {
    return !ended.isEmpty();
  }

  /** The task that ended first of those not yet taken. */
  @Nullable Task<?> takeEnded() {
    return ended.poll();
  }

  void cancelAll(String reason) {
    if (cancelReason == null) {
      cancelReason = reason;
      List.copyOf(running.values()).forEach(fiber -> fiber.cancel(reason));
      waiting.forEach(fiber -> fiber.cancel(reason));
    }
  }

  /** Pauses the current fiber until all tasks have ended. */
  void awaitAll() {
    await(new ScopeWait(caller(), this::areDone, "the tasks of a scope", true));
  }

  /** Pauses the current fiber until the condition, which only ends of tasks change, holds. */
  void awaitUntil(BooleanSupplier condition, String what) {
    await(new ScopeWait(caller(), condition, what, false));
  }

  private static Fiber caller() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      throw new IllegalStateException("a scope is waited for in coroutines, and outside sync");
    }
    return fiber;
  }

  private void await(ScopeWait wait) {
    Fiber fiber = wait.fiber;
    fiber.checkCancelled();
    if (wait.condition.getAsBoolean()) {
      return;
    }
    waits.add(wait);
    fiber.pause(wait);
    waits.remove(wait);
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private final class ScopeWait extends Wait {
    private final Fiber fiber;
    private final BooleanSupplier condition;
    private final String what;
    private final boolean forAll;

    ScopeWait(Fiber fiber, BooleanSupplier condition, String what, boolean forAll) {
      this.fiber = fiber;
      this.condition = condition;
      this.what = what;
      this.forAll = forAll;
    }

    @Override
    protected boolean isFor(Fiber child) {
      return forAll && child instanceof TaskFiber<?> worker && running.containsKey(worker.task);
    }

    void check() {
      if (!isFinished() && condition.getAsBoolean()) {
        finish(fiber);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      finishCancelled(cancelled);
    }

    @Override
    public String describe() {
      return what;
    }

    @Override
    public boolean isExternal() {
      return false;
    }
  }
}
