package dev.goasync.inspect;

import java.time.Duration;

/**
 * A line of code that has kept a loop from running anything else, found by {@code
 * -Dgoasync.longTurnMillis}.
 *
 * @param place the first line of the stack that is not of the library or the JDK
 * @param count how many times
 * @param longest the longest of these times
 * @param total their sum
 */
public record StallDump(String place, int count, Duration longest, Duration total) {
  /** Adds one more time. */
  public StallDump plus(Duration time) {
    return new StallDump(
        place, count + 1, time.compareTo(longest) > 0 ? time : longest, total.plus(time));
  }

  @Override
  public String toString() {
    return place
        + ": "
        + count
        + (count == 1 ? " stall" : " stalls")
        + ", the longest of "
        + Texts.duration(longest)
        + ", "
        + Texts.duration(total)
        + " in total";
  }
}
