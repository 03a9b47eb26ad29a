package dev.goasync.internal.task;

import org.jspecify.annotations.Nullable;

/**
 * The stack trace of a caller that awaited a failed task. It is attached to the task's exception as
 * a suppressed exception and is never thrown.
 */
public final class AwaitSite extends Exception {
  private static final long serialVersionUID = 1L;

  /** The exception of a task that a thousand coroutines await must stay readable. */
  private static final int MAX_SUPPRESSED = 4;

  private AwaitSite(String message) {
    super(message);
  }

  /** Attaches the caller's stack trace to {@code failure}, if that is not null. */
  public static void attachTo(@Nullable Throwable failure, String taskDescription) {
    if (failure != null && failure.getSuppressed().length < MAX_SUPPRESSED) {
      failure.addSuppressed(new AwaitSite(taskDescription + " was awaited here"));
    }
  }
}
