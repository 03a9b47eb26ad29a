package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.Collection;
import java.util.function.Consumer;

/** A coroutine's wait for tasks. */
final class TaskWait extends Wait implements Consumer<Task<?>> {
  private final Fiber fiber;
  private final Collection<? extends Task<?>> tasks;

  TaskWait(Fiber fiber, Collection<? extends Task<?>> tasks) {
    this.fiber = fiber;
    this.tasks = tasks;
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
    return Waits.describe(tasks);
  }

  @Override
  public boolean isExternal() {
    for (Task<?> task : tasks) {
      Fiber awaited = task.fiber();
      if (awaited == null || awaited.loop() != fiber.loop()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Follows who waits for whom, as far as that is one task each on the same loop.
   *
   * @throws IllegalStateException if {@code waiter} awaits itself
   * @throws DeadlockException if the tasks wait, in the end, for {@code waiter}
   */
  static void refuseCycle(Fiber waiter, Collection<? extends Task<?>> awaited) {
    Collection<? extends Task<?>> next = awaited;
    int steps = 0;
    while (next.size() == 1) {
      Fiber fiber = next.iterator().next().fiber();
      if (fiber == waiter) {
        throw steps == 0
            ? new IllegalStateException(waiter.describe() + " cannot await itself")
            : new DeadlockException(
                waiter.describe()
                    + " would wait for "
                    + Waits.describe(awaited)
                    + ", which waits for it, through "
                    + steps
                    + " task(s)");
      }
      if (fiber == null
          || fiber.loop() != waiter.loop()
          || !(fiber.waiting() instanceof TaskWait wait)) {
        return;
      }
      next = wait.tasks;
      steps++;
    }
  }
}
