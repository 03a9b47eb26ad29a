package dev.goasync.internal.util;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many messages of a kind are logged: a few at once, then one per interval, which states
 * how many were left out. Any thread.
 */
public final class LogLimit {
  /** A program with more kinds of messages is limited as if all were new. */
  private static final int MAX_KINDS = 1000;

  private static final class Kind {
    int left;
    int suppressed;
    long lastNanos;
  }

  private final int burst;
  private final long intervalNanos;
  private final Map<Object, Kind> kinds = new HashMap<>(); // guarded by the lock
  private final SpinLock lock = new SpinLock();

  /**
   * @param burst how many messages of a kind are logged at once
   * @param intervalNanos after how many nanoseconds one more is logged
   */
  public LogLimit(int burst, long intervalNanos) {
    this.burst = burst;
    this.intervalNanos = intervalNanos;
  }

  /**
   * Whether a message may be logged.
   *
   * @param kind equal for messages that count together
   * @param now a time by {@code System.nanoTime}
   * @return -1 if not; otherwise how many messages of the kind were left out since the last one
   */
  public int permit(Object kind, long now) {
    lock.lock();
    try {
      return permitLocked(kind, now);
    } finally {
      lock.unlock();
    }
  }

  private int permitLocked(Object kind, long now) {
    if (kinds.size() >= MAX_KINDS && !kinds.containsKey(kind)) {
      kinds.clear();
    }
    Kind known = kinds.get(kind);
    if (known == null) {
      known = new Kind();
      known.left = burst;
      known.lastNanos = now;
      kinds.put(kind, known);
    }
    if (known.left > 0) {
      known.left--;
    } else if (now - known.lastNanos < intervalNanos) {
      known.suppressed++;
      return -1;
    }
    int suppressed = known.suppressed;
    known.suppressed = 0;
    known.lastNanos = now;
    return suppressed;
  }

  /** The end of a message for a result of {@link #permit}: empty if none was left out. */
  public static String suffix(int suppressed) {
    return suppressed == 0 ? "" : " (" + suppressed + " similar messages were not logged)";
  }
}
