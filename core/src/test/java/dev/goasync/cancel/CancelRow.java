package dev.goasync.cancel;

import dev.goasync.testkit.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the cancellation sweep, with its set-up and its check. A subclass is a row of
 * the sweep's table; {@code package-info} shows one.
 */
abstract class CancelRow {
  /** Sets up what the operation needs, in a coroutine. */
  void open() throws Exception {}

  /** Runs the operation; returns its result, or null if it has none. */
  abstract @Nullable Object run() throws Exception;

  /** Makes the operation end with a result, by a blocking call; does nothing if it ends alone. */
  void release() throws Exception {}

  /**
   * Fails unless the result and what is left are complete together, and the operation works again.
   *
   * @param result the result of {@link #run}, null if it was cancelled
   * @param released whether {@link #release} has been called
   */
  abstract void check(@Nullable Object result, boolean released) throws Exception;

  /** Whether the operation waits until {@link #release}, so that a cancel must end it before. */
  boolean waits() {
    return true;
  }

  /** Whether a cancel can end the operation. */
  boolean cancellable() {
    return true;
  }

  /** The row of docs/BACKENDS.md with the reason why the sweep is skipped; null if it runs. */
  @Nullable String obstacle() {
    return null;
  }

  /** Whether {@link #release} makes the operation end. */
  boolean releases() {
    return true;
  }

  /** Returns when the operation has reached its wait. */
  void settle() throws Exception {
    Waiting.forATurn();
  }

  /** Closes what {@link #open} opened; called last, in any case. */
  void close() throws Exception {}
}
