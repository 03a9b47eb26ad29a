package dev.goasync.internal.loop;

import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The loops that have a thread of their own and have not ended. Any thread; results are snapshots.
 */
public final class LoopRegistry {
  private static final Set<Loop> ALL = ConcurrentHashMap.newKeySet();

  /** The loops without a thread of their own. A thread may end without a close of its loop. */
  private static final Set<WeakReference<Loop>> ON_CALLERS = ConcurrentHashMap.newKeySet();

  private LoopRegistry() {}

  /** Adds a loop that runs on the thread of its caller; returns it. */
  static Loop addOnCaller(Loop loop) {
    ON_CALLERS.removeIf(each -> each.refersTo(null));
    ON_CALLERS.add(new WeakReference<>(loop));
    return loop;
  }

  static void add(Loop loop) {
    ALL.add(loop);
  }

  static void remove(Loop loop) {
    ALL.remove(loop);
    ON_CALLERS.removeIf(each -> each.refersTo(loop) || each.refersTo(null));
  }

  /** Leaves a loop of a tool out: of dumps, and of the question whether the program is over. */
  public static void hide(Loop loop) {
    ALL.remove(loop);
  }

  /** All of these loops. */
  public static Set<Loop> all() {
    return Set.copyOf(ALL);
  }

  /** All loops that have not ended, also those that run on the threads of their callers. */
  public static Set<Loop> allIncludingOnCallers() {
    Set<Loop> loops = new HashSet<>(ALL);
    for (WeakReference<Loop> each : ON_CALLERS) {
      Loop loop = each.get();
      if (loop != null) {
        loops.add(loop);
      }
    }
    return loops;
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
