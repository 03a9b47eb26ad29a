package dev.goasync.internal.inspect;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the detectors have found: each fault is logged, and dumps have the last ones among their
 * findings. Any thread.
 */
final class Detected {
  private static final int MAX_KEPT = 20;
  private static final LogLimit LIMIT = new LogLimit(3, TimeUnit.MINUTES.toNanos(1));

  private record Key(String kind, Object place) {}

  private record Fault(String sentence, int count) {}

  /** The fault that was found last is the last one. Guarded by itself. */
  private static final LinkedHashMap<Key, Fault> FAULTS = new LinkedHashMap<>();

  private Detected() {}

  /**
   * Keeps a fault for dumps, and logs it unless the limit of its kind and place is reached.
   *
   * @param kind the kind of fault
   * @param place equal for faults with the same cause
   * @param sentence what was found, in one line
   * @param details further lines of the log, each after a line break
   */
  static void report(String kind, Object place, String sentence, String details, long now) {
    Key key = new Key(kind, place);
    synchronized (FAULTS) {
      Fault before = FAULTS.remove(key);
      FAULTS.put(key, new Fault(sentence, before == null ? 1 : before.count + 1));
      if (FAULTS.size() > MAX_KEPT) {
        Iterator<Key> oldest = FAULTS.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    int suppressed = LIMIT.permit(key, now);
    if (suppressed >= 0) {
      Log.warning(sentence + LogLimit.suffix(suppressed) + details, null);
    }
  }

  /** The last faults, the newest first, each in one sentence. */
  static List<String> latest() {
    List<String> sentences = new ArrayList<>();
    synchronized (FAULTS) {
      for (Fault fault : FAULTS.sequencedValues().reversed()) {
        sentences.add(
            fault.count == 1
                ? fault.sentence
                : fault.sentence + " (found " + fault.count + " times)");
      }
    }
    return sentences;
  }

  /** The stack as lines of a log. */
  static String lines(StackTraceElement[] stack) {
    var text = new StringBuilder();
    for (StackTraceElement frame : stack) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }
}
