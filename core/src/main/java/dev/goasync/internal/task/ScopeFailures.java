package dev.goasync.internal.task;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a scope's tasks: the first one, with the later ones as its suppressed exceptions.
 * Owned by the loop of the scope.
 */
public final class ScopeFailures {
  private @Nullable Throwable first;
  private @Nullable TaskCore<?> firstFailed;

  /** Records the failure of a task. Marks it as observed. */
  public void add(TaskCore<?> task) {
    Throwable failure = TaskCore.failureOf(task.end());
    if (first == null) {
      first = failure;
      firstFailed = task;
    } else if (failure != null && first != failure) {
      first.addSuppressed(failure);
    }
  }

  /** The first failure; null if no task has failed. */
  public @Nullable Throwable first() {
    return first;
  }

  /** The first task that failed, for a message. */
  public String firstFailed() {
    return String.valueOf(firstFailed);
  }

  /** Whether the body threw because a task failed: a cancellation, or a later failure. */
  public boolean caused(Throwable thrown) {
    if (first == null) {
      return false;
    }
    if (thrown instanceof CancellationException) {
      return true;
    }
    for (Throwable later : first.getSuppressed()) {
      if (later == thrown || later == thrown.getCause()) {
        return true;
      }
    }
    return false;
  }

  /** Adds the first failure to an exception of the body, unless the body rethrew that failure. */
  public void attachTo(Throwable thrown) {
    if (first != null && thrown != first && thrown.getCause() != first) {
      thrown.addSuppressed(first);
    }
  }
}
