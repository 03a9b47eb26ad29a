package dev.goasync.inspect;

import org.jspecify.annotations.Nullable;

/**
 * A thread, not a coroutine, that waits for work of a loop.
 *
 * @param name the name of the thread
 * @param loop the loop that it waits for; null if it waits for several
 * @param place the first line of its stack that is not of the library or the JDK; null if it is not
 *     known
 */
public record ThreadDump(String name, @Nullable String loop, @Nullable String place) {
  @Override
  public String toString() {
    return "thread \""
        + name
        + "\" waits for "
        + (loop == null ? "coroutines" : "coroutines of " + loop)
        + (place == null ? "" : " at " + place);
  }
}
