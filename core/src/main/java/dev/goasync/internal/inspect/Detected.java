package dev.goasync.internal.inspect;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the detectors have found: each fault is logged, and dumps have the last ones among their
 * findings. Any thread.
 */
final class Detected {
  private static final int MAX_KEPT = 20;
  private static final LogLimit LIMIT = new LogLimit(3, TimeUnit.MINUTES.toNanos(1));

  private record Key(String kind, Object place) {}

  private record Fault(Key key, String sentence, int count) {
    @Override
    public String toString() {
      return count == 1 ? sentence : sentence + " (found " + count + " times)";
    }
  }

  /**
   * The fault that was found last is the first one. No monitor: dumps of coroutines would share it
   * with the detectors, and a released monitor goes to the first waiter, which a blocked loop does
   * not run.
   */
  private static final AtomicReference<List<Fault>> FAULTS = new AtomicReference<>(List.of());

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
    FAULTS.updateAndGet(before -> with(before, key, sentence));
    int suppressed = LIMIT.permit(key, now);
    if (suppressed >= 0) {
      Log.warning(sentence + LogLimit.suffix(suppressed) + details, null);
    }
  }

  private static List<Fault> with(List<Fault> before, Key key, String sentence) {
    List<Fault> after = new ArrayList<>();
    int count = 1;
    for (Fault fault : before) {
      if (fault.key.equals(key)) {
        count += fault.count;
      } else {
        after.add(fault);
      }
    }
    after.addFirst(new Fault(key, sentence, count));
    return List.copyOf(after.subList(0, Math.min(after.size(), MAX_KEPT)));
  }

  /** The last faults, the newest first, each in one sentence. */
  static List<String> latest() {
    return FAULTS.get().stream().map(Fault::toString).toList();
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
