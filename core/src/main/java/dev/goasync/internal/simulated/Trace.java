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

  private final boolean complete;
  private final List<String> all = new ArrayList<>();

  // The last events, each at the same index of all arrays: a run has too many to make objects.
  private final long[] nanos = new long[KEPT];
  private final @Nullable String[] what = new String[KEPT];
  private final @Nullable Object[] subjects = new Object[KEPT];
  private final long[] details = new long[KEPT];
  private long count;

  /**
   * @param complete whether all events are kept
   */
  public Trace(boolean complete) {
    this.complete = complete;
  }

  /**
   * Adds an event.
   *
   * @param time since the world's start
   * @param kind a verb phrase
   * @param subject the host, coroutine or socket; its text is read when the event is shown
   * @param detail a number, such as of bytes; 0 if there is none
   */
  void add(long time, String kind, Object subject, long detail) {
    int index = (int) (count++ % KEPT);
    nanos[index] = time;
    what[index] = kind;
    subjects[index] = subject;
    details[index] = detail;
    if (complete) {
      all.add(textOf(index));
    }
  }

  private String textOf(int index) {
    String number = details[index] == 0 ? "" : " " + details[index];
    return Duration.ofNanos(nanos[index]) + " " + subjects[index] + " " + what[index] + number;
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
      text.append("\n  ").append(textOf((int) (i % KEPT)));
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
