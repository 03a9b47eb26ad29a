package dev.goasync;

import java.time.Duration;
import java.util.Objects;

/** Checks and conversions of the durations that callers give. */
final class Durations {
  /** Longer is for ever: deadlines are compared by subtraction, so they must not be further. */
  private static final Duration LONGEST = Duration.ofDays(365 * 100);

  private Durations() {}

  /**
   * Nanoseconds of a duration that may not be negative, at most a hundred years.
   *
   * @throws NullPointerException naming {@code argument}
   * @throws IllegalArgumentException naming {@code argument}, if negative
   */
  static long toNanos(Duration duration, String argument) {
    Objects.requireNonNull(duration, argument);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(argument + " is negative: " + duration);
    }
    return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
  }
}
