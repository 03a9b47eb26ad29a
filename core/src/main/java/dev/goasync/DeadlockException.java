package dev.goasync;

/**
 * What is awaited can never come: every coroutine of the loop waits for another, and no I/O, timer
 * or thread is left that could wake one. The message lists each coroutine with what it waits for.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DeadlockException(String report) {
    super(report);
  }
}
