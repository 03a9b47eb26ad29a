package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the coroutines of tasks are, for dumps. What never changes may be read by any thread;
 * the state of scopes belongs to their loops.
 */
public final class TaskInspection {
  private TaskInspection() {}

  /** The name that was given to the coroutine's task or thread; null if there is none. */
  public static @Nullable String nameOf(Fiber fiber) {
    if (fiber instanceof TaskFiber<?> task) {
      return task.task.givenName();
    }
    String name = fiber.thread().getName();
    return name.isEmpty() ? null : name;
  }

  /**
   * The place where the coroutine was started, an object whose {@code toString} may take a while;
   * null if it is unknown.
   */
  public static @Nullable Object siteOf(Fiber fiber) {
    return fiber instanceof TaskFiber<?> task ? task.task.site() : null;
  }

  /** Equal for coroutines that do the same; cheap. */
  public static Object groupKeyOf(Fiber fiber) {
    StartSite site = fiber instanceof TaskFiber<?> task ? task.task.site() : null;
    return site != null ? site.groupKey() : fiber.getClass();
  }

  /** The coroutine that runs the scope of a scope's task; null for other coroutines. */
  public static @Nullable Fiber scopeOwnerOf(Fiber fiber) {
    return fiber instanceof ScopedFiber<?> task ? task.scope.owner() : null;
  }

  /** The exception of the coroutine's task, which does not count as observed; null without one. */
  public static @Nullable Throwable failureOf(Fiber fiber) {
    return fiber instanceof TaskFiber<?> task ? TaskCore.causeOf(task.task.end()) : null;
  }

  /** Whether the coroutine's task has ended by a cancel. */
  public static boolean wasCancelled(Fiber fiber) {
    return fiber instanceof TaskFiber<?> task && TaskCore.wasCancelled(task.task.end());
  }

  /** How many tasks of the same scope are queued until others end. */
  public static int queuedBehind(Fiber fiber) {
    return fiber instanceof ScopedFiber<?> task ? task.scope.queuedCount() : 0;
  }
}
