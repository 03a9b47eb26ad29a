package dev.goasync;

/**
 * Thrown to a caller that awaits a task that failed with a checked exception, which is the
 * {@linkplain #getCause cause}. The message names the task and the place where it was started. The
 * stack trace of this exception is the caller's, that of the cause is the task's.
 */
public final class TaskFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
