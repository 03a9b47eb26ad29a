package dev.goasync.cancel;

import dev.goasync.testkit.Waiting;
import org.jspecify.annotations.Nullable;

/** One operation to cancel, with all it needs. A subclass is a row of the sweep's table. */
abstract class CancelRow {
  /** Makes everything ready; in a coroutine. */
  void open() throws Exception {}

  /** The operation; returns what it brought, or null if that is nothing. */
  abstract @Nullable Object run() throws Exception;

  /** Makes it end with a result, by a call that blocks; does nothing if it ends by itself. */
  void release() throws Exception {}

  /**
   * Whether what it brought and what is left add up, and the same operation works.
   *
   * @param result what it brought, null if it was cancelled
   * @param released whether {@link #release} has been called
   */
  abstract void check(@Nullable Object result, boolean released) throws Exception;

  /** Whether it waits until {@link #release}, so that a cancel meanwhile must end it. */
  boolean waits() {
    return true;
  }

  /** Whether a cancel ends it at all. */
  boolean cancellable() {
    return true;
  }

  /** The row of docs/BACKENDS.md that says why the sweep is not made; null if it is. */
  @Nullable String obstacle() {
    return null;
  }

  /** Whether {@link #release} works. */
  boolean releases() {
    return true;
  }

  /** Lets the operation come to its wait. */
  void settle() throws Exception {
    Waiting.forATurn();
  }

  /** Closes what is open; always the last to be called. */
  void close() throws Exception {}
}
