package dev.goasync.internal.inspect;

import dev.goasync.inspect.StallDump;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import dev.goasync.internal.util.SpinLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds code that keeps a loop from running anything else, and adds up the times by place. */
final class StallDetector extends TurnDetector {
  private static final LogLimit LIMIT = new LogLimit(3, TimeUnit.MINUTES.toNanos(1));
  private static final int MAX_PLACES = 1000;
  private static final String ELSEWHERE = "other places";

  private final Map<String, StallDump> places = new HashMap<>(); // guarded by the lock
  private final SpinLock lock = new SpinLock();

  StallDetector(long limitNanos) {
    super(limitNanos);
  }

  @Override
  void isTooLong(
      Loop loop, Turn turn, @Nullable Fiber running, BlockingCalls.@Nullable Call call, long now) {
    StackTraceElement[] stack = turn.stack;
    String user = Places.firstOfUser(stack);
    String place = user != null ? user : stack.length > 0 ? stack[0].toString() : ELSEWHERE;
    turn.place = place;
    Duration time = Duration.ofNanos(turn.nanosUntil(now));
    Tracer tracer = Tracer.of(loop);
    if (tracer != null) {
      tracer.stalled(loop, running, place, time);
    }
    int suppressed = LIMIT.permit(place, now);
    if (suppressed >= 0) {
      String reason = call == null ? "" : " in " + call.name() + "; use " + call.replacement();
      Log.warning(
          loop.name()
              + " has run nothing else for "
              + time.toMillis()
              + " ms: "
              + subject(running)
              + " is at "
              + place
              + reason
              + LogLimit.suffix(suppressed)
              + Detected.lines(stack),
          null);
    }
  }

  @Override
  void ended(Turn turn, String place, long now) {
    Duration time = Duration.ofNanos(turn.nanosUntil(now));
    List<StackTraceElement> stack = List.of(turn.stack);
    lock.lock();
    try {
      String key = places.size() < MAX_PLACES || places.containsKey(place) ? place : ELSEWHERE;
      StallDump known = places.get(key);
      places.put(key, known == null ? new StallDump(key, 1, time, time, stack) : known.plus(time));
    } finally {
      lock.unlock();
    }
  }

  /** The places of stalls that are over, those with the longest sum first. Any thread. */
  List<StallDump> stalls() {
    List<StallDump> all;
    lock.lock();
    try {
      all = new ArrayList<>(places.values());
    } finally {
      lock.unlock();
    }
    all.sort((a, b) -> b.total().compareTo(a.total()));
    return all;
  }
}
