package dev.goasync.internal.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run, in order. Keeps the last ones for the message of a failure, or all of them
 * to compare two runs. Owned by the world's thread.
 */
public final class Trace {
  private static final int KEPT = 64;
  private static final int SHOWN = 20;

  /**
   * One event.
   *
   * @param nanos the time since the world's start
   * @param what the kind, as a verb phrase
   * @param subject the host, coroutine or socket; read when the event is shown
   * @param detail a number, such as of bytes; 0 if there is none
   */
  record Entry(long nanos, String what, Object subject, long detail) {
    @Override
    public String toString() {
      String number = detail == 0 ? "" : " " + detail;
      return Duration.ofNanos(nanos) + " " + subject + " " + what + number;
    }
  }

  private final boolean complete;
  private final List<String> all = new ArrayList<>();
  private final @Nullable Entry[] ring = new Entry[KEPT];
  private long count;

  /**
   * @param complete whether all events are kept
   */
  public Trace(boolean complete) {
    this.complete = complete;
  }

  void add(long nanos, String what, Object subject, long detail) {
    Entry entry = new Entry(nanos, what, subject, detail);
    ring[(int) (count++ % KEPT)] = entry;
    if (complete) {
      all.add(entry.toString());
    }
  }

  /** The number of events. */
  public long count() {
    return count;
  }

  /** All events, if they were kept. */
  public List<String> all() {
    return all;
  }

  /** The last events, one per line. */
  String tail() {
    var text = new StringBuilder();
    for (long i = Math.max(0, count - SHOWN); i < count; i++) {
      text.append("\n  ").append(ring[(int) (i % KEPT)]);
    }
    return text.toString();
  }

  /**
   * Names the first event in which two runs differ; null if there is none. Both kept all events.
   */
  public static @Nullable String difference(Trace first, Trace second) {
    for (int i = 0; i < Math.max(first.all.size(), second.all.size()); i++) {
      String one = i < first.all.size() ? first.all.get(i) : "nothing more";
      String two = i < second.all.size() ? second.all.get(i) : "nothing more";
      if (!one.equals(two)) {
        return "event "
            + (i + 1)
            + " is \""
            + one
            + "\" in the first run and \""
            + two
            + "\" in the second";
      }
    }
    return null;
  }
}
