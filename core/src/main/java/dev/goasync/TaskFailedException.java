package dev.goasync;

/**
 * The awaited task ended with a checked exception, which is the {@linkplain #getCause cause}. This
 * exception's own stack trace is the awaiter's, the cause's is the task's.
 */
public final class TaskFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
