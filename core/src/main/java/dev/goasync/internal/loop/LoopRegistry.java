package dev.goasync.internal.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The loops that have a thread of their own and have not ended. Any thread; results are snapshots.
 */
public final class LoopRegistry {
  private static final Set<Loop> ALL = ConcurrentHashMap.newKeySet();

  private LoopRegistry() {}

  static void add(Loop loop) {
    ALL.add(loop);
  }

  static void remove(Loop loop) {
    ALL.remove(loop);
  }

  /** All of these loops. */
  public static Set<Loop> all() {
    return Set.copyOf(ALL);
  }

  /** Whether a loop other than {@code loop} has a fiber or a task that may start one. */
  public static boolean isAnotherBusy(Loop loop) {
    for (Loop other : ALL) {
      if (other != loop && !other.isWithoutWork()) {
        return true;
      }
    }
    return false;
  }

  /** Whether no loop has a fiber, or a task that may start one. */
  public static boolean isAllIdle() {
    for (Loop loop : ALL) {
      if (!loop.isWithoutWork()) {
        return false;
      }
    }
    return true;
  }
}
