package dev.goasync;

/**
 * Thrown when a wait can never end: all coroutines of the loop wait for each other, and no I/O,
 * timer or thread is left that could wake one. The message lists each coroutine and what it waits
 * for.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DeadlockException(String report) {
    super(report);
  }
}
