package dev.goasync.internal.task;

import dev.goasync.internal.deadlock.CycleCheck;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A coroutine's wait for the end of one task, or of several. */
final class TaskWait extends Wait implements Consumer<TaskCore<?>> {
  private final Fiber fiber;
  private final Object awaited; // one TaskCore, or a List of them: most waits are for one

  /** Set on the fiber's loop. */
  private @Nullable String deadlock;

  TaskWait(Fiber fiber, TaskCore<?> task) {
    this.fiber = fiber;
    this.awaited = task;
  }

  TaskWait(Fiber fiber, List<? extends TaskCore<?>> tasks) {
    this.fiber = fiber;
    this.awaited = tasks;
  }

  @SuppressWarnings("unchecked") // the constructors allow nothing else
  private List<? extends TaskCore<?>> tasks() {
    return awaited instanceof TaskCore<?> task
        ? List.of(task)
        : (List<? extends TaskCore<?>>) awaited;
  }

  @Override
  public void accept(TaskCore<?> ended) {
    end();
  }

  /** Enough of the tasks have ended. Any thread. */
  void end() {
    finish(fiber);
  }

  @Override
  protected void cancel(Fiber cancelled) {
    finishCancelled(cancelled);
  }

  @Override
  public String describe() {
    return Waits.describe(tasks());
  }

  @Override
  public Object kind() {
    return awaited instanceof TaskCore<?> ? "a task" : "several tasks";
  }

  @Override
  public boolean isExternal() {
    return awaited instanceof TaskCore<?> task
        ? isOutsideLoop(task)
        : tasks().stream().anyMatch(this::isOutsideLoop);
  }

  private boolean isOutsideLoop(TaskCore<?> task) {
    Fiber worker = task.fiber();
    return worker == null || worker.loop() != fiber.loop();
  }

  @Override
  public @Nullable Fiber blocker() {
    return awaited instanceof TaskCore<?> task ? task.fiber() : null;
  }

  private void endInDeadlock(String report) {
    deadlock = report;
    finish(fiber);
  }

  /** The report of the cycle that the wait is part of, if one ended the wait. */
  @Nullable String deadlock() {
    return deadlock;
  }

  /**
   * Throws if the wait would close a cycle. Call it before the fiber pauses. A cycle through other
   * loops is found later and ends the wait; see {@link #deadlock}.
   *
   * @throws IllegalStateException if the fiber awaits itself
   * @throws RuntimeException a {@code DeadlockException} if the task waits for the fiber, directly
   *     or through other tasks
   */
  void refuseCycle() {
    Fiber worker = blocker();
    if (worker == fiber) {
      throw new IllegalStateException(fiber.describe() + " cannot await itself");
    }
    String cycle = CycleCheck.check(fiber, this, worker, this::endInDeadlock);
    if (cycle != null) {
      throw SharedSecrets.get().deadlock(cycle);
    }
  }
}
