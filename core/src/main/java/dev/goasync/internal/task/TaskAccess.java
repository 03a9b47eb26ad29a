package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives the library's packages access to a task's listeners and fiber, which users do not have. */
public final class TaskAccess {
  private TaskAccess() {}

  /** Calls {@code listener} when the task has ended, or now if it has. Any thread. */
  public static void addListener(TaskCore<?> task, Consumer<? super TaskCore<?>> listener) {
    task.addListener(listener);
  }

  /** Removes a listener that has not been called. Any thread. */
  public static void removeListener(TaskCore<?> task, Consumer<? super TaskCore<?>> listener) {
    task.removeListener(listener);
  }

  /** The fiber that runs the task's body; null for the task of a {@code CompletionStage}. */
  public static @Nullable Fiber fiberOf(TaskCore<?> task) {
    return task.fiber();
  }
}
