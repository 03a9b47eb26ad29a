package dev.goasync.inspect;

import java.time.Duration;
import java.util.List;

/**
 * How long the turns of a loop took while something measured them, as an inspector does. The time
 * of a turn is that of coroutines, callbacks and timers, without system calls of the poller.
 *
 * @param measured how long turns have been measured
 * @param busy the sum of the turns' times; divided by {@code measured} it is the utilisation
 * @param longest the longest turn
 * @param counts how many turns took less than 16 us, 64 us, 256 us, 1 ms, 4 ms, 16 ms, 65 ms, 262
 *     ms, 1 s, and longer: each limit is four times the one before
 */
public record TurnTimes(Duration measured, Duration busy, Duration longest, List<Long> counts) {
  /** Copies the list. */
  public TurnTimes {
    counts = List.copyOf(counts);
  }

  @Override
  public String toString() {
    long percent = measured.isZero() ? 0 : 100 * busy.toNanos() / measured.toNanos();
    return "busy for "
        + percent
        + " % of "
        + Texts.duration(measured)
        + ", longest turn "
        + Texts.duration(longest);
  }
}
