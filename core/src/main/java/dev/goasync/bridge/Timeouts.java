package dev.goasync.bridge;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Timeouts of {@code java.net}: in milliseconds, 0 for none. */
final class Timeouts {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** An operation with a timeout. */
  @FunctionalInterface
  interface Operation<R extends @Nullable Object> {
    /**
     * Runs the operation.
     *
     * @param threadNanos how long a plain thread may wait in it
     */
    R run(long threadNanos) throws IOException;
  }

  private Timeouts() {}

  /**
   * Runs an operation whose waits end after a time.
   *
   * @param message the message of the exception
   * @throws SocketTimeoutException if the time is over first
   */
  static <R extends @Nullable Object> R run(int millis, String message, Operation<R> operation)
      throws IOException {
    if (millis == 0) {
      return operation.run(Pollable.Timed.NO_TIMEOUT);
    }
    long nanos = millis * NANOS_PER_MILLI;
    Fiber fiber = Fiber.current();
    try {
      return fiber == null ? operation.run(nanos) : inCoroutine(fiber, nanos, operation);
    } catch (SocketTimeoutException late) {
      throw new SocketTimeoutException(message); // without a cause, which names only the timeout
    }
  }

  private static <R extends @Nullable Object> R inCoroutine(
      Fiber fiber, long nanos, Operation<R> operation) throws IOException {
    CancelScope limit = fiber.openLimitedScope(nanos, "the timeout is over").ofOneWait();
    try {
      return operation.run(Pollable.Timed.NO_TIMEOUT);
    } catch (Cancellation cancellation) {
      if (!cancellation.isFrom(limit)) {
        throw cancellation;
      }
      throw new SocketTimeoutException(); // run replaces it
    } finally {
      fiber.closeScope(limit);
    }
  }
}
