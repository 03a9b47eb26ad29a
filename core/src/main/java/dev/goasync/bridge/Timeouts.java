package dev.goasync.bridge;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
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
    try {
      return GoAsync.inCoroutine()
          ? GoAsync.<R, IOException>withTimeout(
              Duration.ofMillis(millis), () -> operation.run(Pollable.Timed.NO_TIMEOUT))
          : operation.run(millis * NANOS_PER_MILLI);
    } catch (DeadlineExceededException | SocketTimeoutException late) {
      throw new SocketTimeoutException(message); // without a cause, which names only the timeout
    }
  }
}
