package dev.goasync.internal.util;

import java.time.Duration;
import java.util.Objects;

/** Checks durations given by callers and converts them to nanoseconds. */
public final class Durations {
  /**
   * Longer durations count as this one. Deadlines are compared by subtraction of longs, which
   * overflows beyond 292 years.
   */
  private static final Duration MAX = Duration.ofDays(365 * 100);

  private Durations() {}

  /**
   * Converts a duration to nanoseconds, at most a hundred years.
   *
   * @param argument the name of the caller's parameter, for the message
   * @throws NullPointerException if {@code duration} is null; names {@code argument}
   * @throws IllegalArgumentException if {@code duration} is negative; names {@code argument}
   */
  public static long toNanos(Duration duration, String argument) {
    Objects.requireNonNull(duration, argument);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(argument + " is negative: " + duration);
    }
    return duration.compareTo(MAX) > 0 ? MAX.toNanos() : duration.toNanos();
  }
}
