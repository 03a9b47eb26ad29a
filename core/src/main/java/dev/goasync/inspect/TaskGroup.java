package dev.goasync.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Coroutines that were started at the same place and wait for the same.
 *
 * @param count how many there are
 * @param start the place where they were started; null if it is not known
 * @param state what they do
 * @param waitsFor what they wait for, without what differs, such as peers; null if they do not wait
 * @param example the id of one of them
 */
public record TaskGroup(
    int count,
    @Nullable String start,
    TaskDump.State state,
    @Nullable String waitsFor,
    long example) {
  @Override
  public String toString() {
    return count
        + (count == 1 ? " task" : " tasks")
        + (start == null ? "" : " started at " + start)
        + (waitsFor == null ? " " + Texts.of(state) : " waiting for " + waitsFor);
  }
}
