package dev.goasync.inspect;

import java.time.Duration;
import java.util.List;

/**
 * A line of code that has kept a loop from running anything else, found by {@code
 * -Dgoasync.longTurnMillis}.
 *
 * @param place the first line of the stack that is not of the library or the JDK
 * @param count how many times
 * @param longest the longest of these times
 * @param total their sum
 * @param stack the stack of the first time, innermost call first
 */
public record StallDump(
    String place, int count, Duration longest, Duration total, List<StackTraceElement> stack) {
  /** Copies the list. */
  public StallDump {
    stack = List.copyOf(stack);
  }

  /** Adds one more time. */
  public StallDump plus(Duration time) {
    return new StallDump(
        place, count + 1, time.compareTo(longest) > 0 ? time : longest, total.plus(time), stack);
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
