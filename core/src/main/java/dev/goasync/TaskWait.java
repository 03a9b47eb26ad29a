package dev.goasync;

import dev.goasync.internal.deadlock.CycleCheck;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A coroutine's wait for tasks. */
final class TaskWait extends Wait implements Consumer<Task<?>> {
  private final Fiber fiber;
  private final Object awaited; // one Task, or a List of them: most waits are for one

  /** Set on the fiber's loop. */
  private @Nullable String deadlock;

  TaskWait(Fiber fiber, Task<?> task) {
    this.fiber = fiber;
    this.awaited = task;
  }

  TaskWait(Fiber fiber, List<? extends Task<?>> tasks) {
    this.fiber = fiber;
    this.awaited = tasks;
  }

  @SuppressWarnings("unchecked") // the constructors see to it
  private List<? extends Task<?>> tasks() {
    return awaited instanceof Task<?> task ? List.of(task) : (List<? extends Task<?>>) awaited;
  }

  @Override
  public void accept(Task<?> ended) {
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
  public boolean isExternal() {
    return awaited instanceof Task<?> task
        ? isElsewhere(task)
        : tasks().stream().anyMatch(this::isElsewhere);
  }

  private boolean isElsewhere(Task<?> task) {
    Fiber worker = task.fiber();
    return worker == null || worker.loop() != fiber.loop();
  }

  @Override
  public @Nullable Fiber blocker() {
    return awaited instanceof Task<?> task ? task.fiber() : null;
  }

  private void endInDeadlock(String report) {
    deadlock = report;
    finish(fiber);
  }

  /** Why the wait can never end, if it was ended for that. */
  @Nullable String deadlock() {
    return deadlock;
  }

  /**
   * To be called before the fiber pauses. A cycle that leads through other loops is found later,
   * and ends the wait: see {@link #deadlock}.
   *
   * @throws IllegalStateException if the fiber awaits itself
   * @throws DeadlockException if the task waits, in the end, for the fiber
   */
  void refuseCycle() {
    Fiber worker = blocker();
    if (worker == fiber) {
      throw new IllegalStateException(fiber.describe() + " cannot await itself");
    }
    String cycle = CycleCheck.check(fiber, this, worker, this::endInDeadlock);
    if (cycle != null) {
      throw new DeadlockException(cycle);
    }
  }
}
