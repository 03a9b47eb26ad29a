package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Wait;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds coroutines that are ready to run, but that their loop has not run for a limit. A busy loop
 * gets a callback, one at a time; while the callback has not run, the coroutines that are ready are
 * remembered, and those that are still ready after the limit are reported, with the code that ran
 * meanwhile. So a loop that keeps up with its work costs a callback now and then. Used by one
 * thread.
 */
final class StarvationDetector implements Detector {
  private static final int SAMPLES_PER_LIMIT = 4;
  private static final int MAX_REMEMBERED = 1000;

  /** What a fiber that is ready has waited for: it differs after a run. */
  private record Ready(Fiber fiber, @Nullable Wait ended) {
    boolean isStill() {
      return !Inspection.hasEnded(fiber) && isReady(fiber) && fiber.waiting() == ended;
    }
  }

  /** A callback, and what was seen until it ran. */
  private static final class Probe implements Runnable {
    private volatile boolean hasRun;
    private final Map<Fiber, Ready> ready = new LinkedHashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    private long readySince;
    private @Nullable String activity;
    private boolean reported;

    @Override
    public void run() {
      hasRun = true;
    }
  }

  private final long limitNanos;
  private final Map<Loop, Probe> probes = new HashMap<>();

  StarvationDetector(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  @Override
  public long intervalNanos() {
    return limitNanos / SAMPLES_PER_LIMIT;
  }

  @Override
  public void sample(Iterable<Loop> loops, long now) {
    Map<Loop, Probe> before = new HashMap<>(probes);
    probes.clear();
    for (Loop loop : loops) {
      Probe probe = before.get(loop);
      if (probe != null && !probe.hasRun) {
        probes.put(loop, probe);
        observe(loop, probe, now);
      } else if (Inspection.isBusy(loop)) {
        Probe next = new Probe();
        probes.put(loop, next);
        loop.executeQuietly(next);
      }
    }
  }

  private void observe(Loop loop, Probe probe, long now) {
    if (probe.reported) {
      return;
    }
    addRunning(loop, probe);
    if (probe.ready.isEmpty()) {
      probe.readySince = now;
      remember(loop, probe);
    } else {
      probe.ready.values().removeIf(each -> !each.isStill());
      if (!probe.ready.isEmpty() && now - probe.readySince >= limitNanos && !probe.hasRun) {
        probe.reported = true;
        report(loop, probe, now);
      }
    }
  }

  private static boolean isReady(Fiber fiber) {
    Inspection.State state = Inspection.stateOf(fiber);
    boolean mayRun = state == Inspection.State.STARTING || state == Inspection.State.RUNNABLE;
    return mayRun && !(state == Inspection.State.RUNNABLE && Inspection.isMounted(fiber));
  }

  private static void remember(Loop loop, Probe probe) {
    for (Fiber fiber : Inspection.fibersOf(loop)) {
      if (fiber != null
          && probe.ready.size() < MAX_REMEMBERED
          && !Inspection.hasEnded(fiber)
          && isReady(fiber)) {
        probe.ready.put(fiber, new Ready(fiber, fiber.waiting()));
      }
    }
  }

  private static void addRunning(Loop loop, Probe probe) {
    Fiber running = Inspection.mountedOn(loop);
    Thread thread = running != null ? running.thread() : loop.thread();
    String place = Places.firstOfUser(thread.getStackTrace());
    if (place != null) {
      probe.running.merge(place, 1, Integer::sum);
      if (place.equals(mostOften(probe))) {
        probe.activity = TurnDetector.subject(running) + " ran at " + place;
      }
    }
  }

  private static String mostOften(Probe probe) {
    return Collections.max(probe.running.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private void report(Loop loop, Probe probe, long now) {
    int count = probe.ready.size();
    String example = probe.ready.keySet().iterator().next().describe();
    String activity = probe.activity;
    String sentence =
        "loop "
            + loop.name()
            + " has not run "
            + (count == 1 ? "a coroutine that has" : count + " coroutines that have")
            + " been ready for more than "
            + TimeUnit.NANOSECONDS.toMillis(limitNanos)
            + " ms, "
            + (count == 1 ? "" : "for example ")
            + example
            + (activity == null ? "" : "; meanwhile " + activity);
    Object place = probe.running.isEmpty() ? loop.name() : mostOften(probe);
    Detected.report("starvation", place, sentence, "", now);
  }
}
