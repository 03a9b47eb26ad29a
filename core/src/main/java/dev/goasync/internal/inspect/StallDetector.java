package dev.goasync.internal.inspect;

import dev.goasync.inspect.StallDump;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds code that keeps a loop from running anything else. It compares the counters of a loop,
 * which the loop writes anyway, from sample to sample: a busy loop whose counters stand still is
 * stalled. The first sample after the limit takes the stack of what runs. Used by one thread, and
 * read by dumps.
 */
final class StallDetector {
  private static final LogLimit LIMIT = new LogLimit(3, TimeUnit.MINUTES.toNanos(1));
  private static final int MAX_PLACES = 1000;
  private static final String ELSEWHERE = "other places";

  private final long limitNanos;
  private final Map<Loop, Progress> progress = new HashMap<>();
  private final Map<String, StallDump> places = new HashMap<>(); // guarded by itself

  private static final class Progress {
    private final long turns;
    private final long tasksRun;
    private final long since;
    private @Nullable String place;
    private List<StackTraceElement> stack = List.of();

    Progress(Loop loop, long now) {
      this.turns = loop.turns();
      this.tasksRun = loop.tasksRun();
      this.since = now;
    }

    boolean isOf(Loop loop) {
      return turns == loop.turns() && tasksRun == loop.tasksRun();
    }
  }

  StallDetector(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  /** Looks at the loops. Call it several times within the limit. */
  void sample(Iterable<Loop> loops, long now) {
    Map<Loop, Progress> before = new HashMap<>(progress);
    progress.clear();
    for (Loop loop : loops) {
      Progress last = before.get(loop);
      if (last != null && last.isOf(loop) && Inspection.isBusy(loop)) {
        progress.put(loop, last);
        stillThere(loop, last, now);
      } else {
        if (last != null && last.place != null) {
          ended(last.place, last.stack, now - last.since);
        }
        progress.put(loop, new Progress(loop, now));
      }
    }
  }

  private void stillThere(Loop loop, Progress last, long now) {
    if (last.place != null || now - last.since < limitNanos) {
      return;
    }
    Fiber running = Inspection.mountedOn(loop);
    StackTraceElement[] stack =
        (running != null ? running.thread() : loop.thread()).getStackTrace();
    if (!last.isOf(loop)) {
      return; // it went on, and the stack may be of something else
    }
    String user = Places.firstOfUser(stack);
    String place = user != null ? user : stack.length > 0 ? stack[0].toString() : ELSEWHERE;
    last.place = place;
    Duration time = Duration.ofNanos(now - last.since);
    Tracer tracer = Tracer.of(loop);
    if (tracer != null) {
      tracer.stalled(loop, running, place, time);
    }
    last.stack = List.of(stack);
    int suppressed = LIMIT.permit(place, now);
    if (suppressed >= 0) {
      log(loop, running, stack, place, time, suppressed);
    }
  }

  private static void log(
      Loop loop,
      @Nullable Fiber running,
      StackTraceElement[] stack,
      String place,
      Duration time,
      int suppressed) {
    var text = new StringBuilder(loop.name()).append(" has run nothing else for ");
    text.append(time.toMillis()).append(" ms: ");
    text.append(running == null ? "its thread" : running.describe()).append(" is at ");
    text.append(place).append(LogLimit.suffix(suppressed));
    for (StackTraceElement frame : stack) {
      text.append("\n    at ").append(frame);
    }
    Log.warning(text.toString(), null);
  }

  private void ended(String place, List<StackTraceElement> stack, long nanos) {
    synchronized (places) {
      String key = places.size() < MAX_PLACES || places.containsKey(place) ? place : ELSEWHERE;
      StallDump known = places.get(key);
      Duration time = Duration.ofNanos(nanos);
      places.put(key, known == null ? new StallDump(key, 1, time, time, stack) : known.plus(time));
    }
  }

  /** The places of stalls that are over, those with the longest sum first. Any thread. */
  List<StallDump> stalls() {
    List<StallDump> all;
    synchronized (places) {
      all = new ArrayList<>(places.values());
    }
    all.sort((a, b) -> b.total().compareTo(a.total()));
    return all;
  }
}
