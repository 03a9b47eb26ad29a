package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.List;
import java.util.function.Consumer;

/** A coroutine's wait for tasks. */
final class TaskWait extends Wait implements Consumer<Task<?>> {
  private final Fiber fiber;
  private final Object awaited; // one Task, or a List of them: most waits are for one

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

  /**
   * Follows who waits for whom, as far as that is one task each on the same loop.
   *
   * @throws IllegalStateException if the fiber awaits itself
   * @throws DeadlockException if the task waits, in the end, for the fiber
   */
  void refuseCycle() {
    int steps = 0;
    TaskWait link = this;
    while (link.awaited instanceof Task<?> task) {
      Fiber worker = task.fiber();
      if (worker == fiber) {
        throw steps == 0
            ? new IllegalStateException(fiber.describe() + " cannot await itself")
            : new DeadlockException(
                fiber.describe()
                    + " would wait for "
                    + describe()
                    + ", which waits for it, through "
                    + steps
                    + " task(s)");
      }
      if (worker == null
          || worker.loop() != fiber.loop()
          || !(worker.waiting() instanceof TaskWait next)) {
        return;
      }
      link = next;
      steps++;
    }
  }
}
