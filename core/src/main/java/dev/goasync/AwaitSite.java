package dev.goasync;

import org.jspecify.annotations.Nullable;

/**
 * No failure of its own: the stack trace of whoever awaited a failed task, attached to the task's
 * exception as a suppressed one.
 */
final class AwaitSite extends Exception {
  private static final long serialVersionUID = 1L;

  /** More are not attached: an exception that a thousand coroutines await stays readable. */
  private static final int MOST = 4;

  private AwaitSite(String message) {
    super(message);
  }

  static void attachTo(@Nullable Throwable failure, String taskDescription) {
    if (failure != null && failure.getSuppressed().length < MOST) {
      failure.addSuppressed(new AwaitSite(taskDescription + " was awaited here"));
    }
  }
}
