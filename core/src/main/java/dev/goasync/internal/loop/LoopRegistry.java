package dev.goasync.internal.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The loops with a thread of their own that have not ended. Any thread; a moment's value. */
public final class LoopRegistry {
  private static final Set<Loop> ALL = ConcurrentHashMap.newKeySet();

  private LoopRegistry() {}

  static void add(Loop loop) {
    ALL.add(loop);
  }

  static void remove(Loop loop) {
    ALL.remove(loop);
  }

  /** All of them. */
  public static Set<Loop> all() {
    return Set.copyOf(ALL);
  }

  /** Whether another than {@code loop} has a fiber. */
  static boolean anotherHasFibers(Loop loop) {
    for (Loop other : ALL) {
      if (other != loop && other.fiberCount() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether none has a fiber, or a task that may start one. */
  static boolean haveNoWork() {
    for (Loop loop : ALL) {
      if (!loop.isWithoutWork()) {
        return false;
      }
    }
    return true;
  }
}
