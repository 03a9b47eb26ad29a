package dev.goasync.inspect;

import java.time.Duration;
import java.util.Objects;

/**
 * What a dump contains. Immutable: each method returns a copy with one option changed.
 *
 * @param maxTasks how many tasks of each loop are listed one by one. If a loop has more, the dump
 *     lists examples of each group, and those that others wait for
 * @param stacks whether the listed tasks have their stacks; without them the dump has only the
 *     first line of each stack that is not of the library
 * @param patience how long to wait for a loop that does not answer since a coroutine blocks it;
 *     then the dump reads the loop's state from outside
 */
public record DumpOptions(int maxTasks, boolean stacks, Duration patience) {
  private static final DumpOptions STANDARD = new DumpOptions(1000, false, Duration.ofMillis(500));

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if a value is negative
   */
  public DumpOptions {
    if (maxTasks < 0) {
      throw new IllegalArgumentException("maxTasks is negative: " + maxTasks);
    }
    if (Objects.requireNonNull(patience, "patience").isNegative()) {
      throw new IllegalArgumentException("patience is negative: " + patience);
    }
  }

  /** At most 1,000 tasks of each loop, without stacks, with a patience of half a second. */
  public static DumpOptions standard() {
    return STANDARD;
  }

  /** Sets how many tasks of each loop are listed one by one. */
  public DumpOptions withMaxTasks(int max) {
    return new DumpOptions(max, stacks, patience);
  }

  /** Adds the stacks of the listed tasks. */
  public DumpOptions withStacks() {
    return new DumpOptions(maxTasks, true, patience);
  }

  /** Sets how long to wait for a loop that does not answer. */
  public DumpOptions withPatience(Duration longest) {
    return new DumpOptions(maxTasks, stacks, longest);
  }
}
