package dev.goasync.bridge;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Time limits in milliseconds, 0 for none, as {@code java.net} has them. */
final class Limit {
  private static final long NANOS_OF_MILLI = 1_000_000;

  /** What is limited. It is told how long a thread may wait in one operation of the backend. */
  @FunctionalInterface
  interface Work<R extends @Nullable Object> {
    R run(long threadTimeoutNanos) throws IOException;
  }

  private Limit() {}

  /**
   * Runs {@code work}, whose waits end when the time is over.
   *
   * @param message what the exception says then
   * @throws SocketTimeoutException then
   */
  static <R extends @Nullable Object> R of(int millis, String message, Work<R> work)
      throws IOException {
    if (millis == 0) {
      return work.run(Pollable.Timed.NO_TIMEOUT);
    }
    try {
      return GoAsync.inCoroutine()
          ? GoAsync.<R, IOException>withTimeout(
              Duration.ofMillis(millis), () -> work.run(Pollable.Timed.NO_TIMEOUT))
          : work.run(millis * NANOS_OF_MILLI);
    } catch (DeadlineExceededException | SocketTimeoutException late) {
      throw new SocketTimeoutException(message); // the cause would tell of nothing but the limit
    }
  }
}
