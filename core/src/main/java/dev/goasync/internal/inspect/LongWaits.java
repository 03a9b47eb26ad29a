package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.task.TaskInspection;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds coroutines that wait for longer than a limit. It sweeps over the fibers of each loop four
 * times within the limit and counts, in each wait, the sweeps since the wait began: so neither the
 * wait nor the detector keeps a time. A wait is reported once, with the others of its place.
 */
final class LongWaits implements Detector {
  /** A wait that has seen so many sweeps has lasted for at least four times their interval. */
  private static final int SWEEPS = 5;

  private static final LogLimit LIMIT = new LogLimit(3, TimeUnit.MINUTES.toNanos(1));
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int CLOCK_INTERVAL = 64;
  private static final int MAX_REPORTED = 20;

  private record Key(Object start, Object kind) {}

  private static final class Found {
    final RawTask example;
    int count;

    Found(RawTask example) {
      this.example = example;
    }
  }

  private final Duration limit;

  LongWaits(Duration limit) {
    this.limit = limit;
  }

  @Override
  public long intervalNanos() {
    return limit.toNanos() / (SWEEPS - 1);
  }

  @Override
  public void sample(Iterable<Loop> loops, long now) {
    loops.forEach(loop -> sweep(loop, PATIENCE_NANOS));
  }

  /** Counts a sweep in each wait of the loop, and reports those that have become too long. */
  void sweep(Loop loop, long patienceNanos) {
    Sweep sweep = new Sweep(loop);
    while (!sweep.isComplete()) {
      if (!OnLoop.run(loop, patienceNanos, sweep::slice)) {
        return; // it is closed, or stalled
      }
    }
    sweep.found.values().stream().limit(MAX_REPORTED).forEach(found -> report(found));
  }

  private void report(Found found) {
    String place = found.example.toDump(false, false).toString();
    Object site = TaskInspection.groupKeyOf(found.example.fiber);
    int suppressed = LIMIT.permit(site, TimeSource.SYSTEM.nanoTime());
    if (suppressed >= 0) {
      Log.warning(
          (found.count == 1 ? "1 task has" : found.count + " tasks have")
              + " waited for more than "
              + limit.toMillis()
              + " ms"
              + LogLimit.suffix(suppressed)
              + (found.count == 1 ? "\n    " : "\n    for example ")
              + place,
          null);
    }
  }

  /** One sweep over a loop. Its slices run on the loop's thread. */
  private static final class Sweep {
    private final Loop loop;
    private final Map<Key, Found> found = new LinkedHashMap<>();
    private @Nullable Fiber @Nullable [] fibers;
    private int next;

    Sweep(Loop loop) {
      this.loop = loop;
    }

    boolean isComplete() {
      return fibers != null && next >= fibers.length;
    }

    void slice() {
      long begin = TimeSource.SYSTEM.nanoTime();
      @Nullable Fiber[] all = fibers;
      if (all == null) {
        all = Inspection.fibersOf(loop);
        fibers = all;
      }
      while (next < all.length) {
        Fiber fiber = all[next++];
        if (fiber != null && !Inspection.hasEnded(fiber)) {
          count(fiber);
        }
        if (next % CLOCK_INTERVAL == 0 && TimeSource.SYSTEM.nanoTime() - begin > SLICE_NANOS) {
          return;
        }
      }
    }

    private void count(Fiber fiber) {
      Wait wait = fiber.waiting();
      if (wait != null && !wait.isFinished() && wait.countSweep() == SWEEPS) {
        found.computeIfAbsent(
                new Key(TaskInspection.groupKeyOf(fiber), wait.kind()),
                _ -> new Found(new RawTask(fiber)))
            .count++;
      }
    }
  }
}
