package dev.goasync.internal.inspect;

import dev.goasync.inspect.StallDump;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.WorkerThread;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The thread of the detectors, each of which a system property switches on. */
final class Watch {
  /** A turn that runs one coroutine for longer is logged; milliseconds. */
  static final String LONG_TURN_PROPERTY = "goasync.longTurnMillis";

  /** A wait of a coroutine that is longer is logged; milliseconds. */
  static final String LONG_WAIT_PROPERTY = "goasync.longWaitMillis";

  private static final int SAMPLES_PER_LIMIT = 4;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static volatile @Nullable StallDetector running;

  private final @Nullable StallDetector stalls;
  private final @Nullable LongWaits waits;
  private final long stallInterval;
  private long nextSweep;

  private Watch(long longTurnMillis, long longWaitMillis) {
    long turnNanos = TimeUnit.MILLISECONDS.toNanos(longTurnMillis);
    stalls = longTurnMillis > 0 ? new StallDetector(turnNanos) : null;
    stallInterval = stalls == null ? Long.MAX_VALUE : turnNanos / SAMPLES_PER_LIMIT;
    waits = longWaitMillis > 0 ? new LongWaits(Duration.ofMillis(longWaitMillis)) : null;
  }

  /** Starts the thread if a property asks for a detector. */
  static void start() {
    start(Long.getLong(LONG_TURN_PROPERTY, 0), Long.getLong(LONG_WAIT_PROPERTY, 0));
  }

  private static void start(long longTurnMillis, long longWaitMillis) {
    if (longTurnMillis > 0 || longWaitMillis > 0) {
      Watch watch = new Watch(longTurnMillis, longWaitMillis);
      running = watch.stalls;
      new WorkerThread(watch::run, "goasync-watch-").start();
    }
  }

  /** Looks for turns above {@code limit} from now on, unless a property has had it begin. */
  static synchronized void findStalls(Duration limit) {
    if (running == null) {
      start(limit.toMillis(), 0);
    }
  }

  /** The stalls so far; empty if their detector does not run. */
  static List<StallDump> stalls() {
    StallDetector detector = running;
    return detector == null ? List.of() : detector.stalls();
  }

  private void run() {
    nextSweep = TimeSource.SYSTEM.nanoTime();
    while (true) {
      try {
        tick();
      } catch (Throwable bug) {
        Log.error("a detector failed", bug);
      }
    }
  }

  private void tick() {
    long now = TimeSource.SYSTEM.nanoTime();
    Set<Loop> loops = LoopRegistry.allIncludingOnCallers();
    if (stalls != null) {
      stalls.sample(loops, now);
    }
    LongWaits sweeping = waits;
    if (sweeping != null && now - nextSweep >= 0) {
      nextSweep = now + sweeping.intervalNanos();
      loops.forEach(loop -> sweeping.sweep(loop, PATIENCE_NANOS));
    }
    long untilSweep = sweeping == null ? Long.MAX_VALUE : Math.max(0, nextSweep - now);
    LockSupport.parkNanos(Math.max(1, Math.min(stallInterval, untilSweep)));
  }
}
