package dev.goasync.internal.inspect;

import dev.goasync.inspect.StallDump;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.UnclosedResource;
import dev.goasync.internal.util.WorkerThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The thread of the detectors, each of which a system property switches on. */
final class Watch {
  /** A turn that runs one coroutine for longer is logged; milliseconds. */
  static final String LONG_TURN_PROPERTY = "goasync.longTurnMillis";

  /** A wait of a coroutine that is longer is logged; milliseconds. */
  static final String LONG_WAIT_PROPERTY = "goasync.longWaitMillis";

  /** A call of the JDK that blocks a loop for longer is logged; milliseconds. */
  static final String BLOCKING_CALL_PROPERTY = "goasync.blockingCallMillis";

  /** A coroutine that is ready, but does not run for longer, is logged; milliseconds. */
  static final String STARVATION_PROPERTY = "goasync.starvationMillis";

  /** A close of a loop that takes longer is logged; milliseconds. */
  static final String LONG_CLOSE_PROPERTY = "goasync.longCloseMillis";

  private static volatile @Nullable StallDetector running;

  private static final class Scheduled {
    final Detector detector;
    long next;

    Scheduled(Detector detector, long now) {
      this.detector = detector;
      this.next = now;
    }
  }

  private final List<Scheduled> detectors = new ArrayList<>();

  private Watch(List<Detector> detectors) {
    long now = TimeSource.SYSTEM.nanoTime();
    detectors.forEach(each -> this.detectors.add(new Scheduled(each, now)));
  }

  /** Starts the thread if a property asks for a detector. */
  static void start() {
    start(wanted());
  }

  /** The detectors that properties ask for. */
  static List<Detector> wanted() {
    List<Detector> wanted = new ArrayList<>();
    long longTurn = Long.getLong(LONG_TURN_PROPERTY, 0);
    if (longTurn > 0) {
      wanted.add(stallDetector(longTurn));
    }
    addIfSet(LONG_WAIT_PROPERTY, wanted, nanos -> new LongWaits(Duration.ofNanos(nanos)));
    addIfSet(BLOCKING_CALL_PROPERTY, wanted, BlockingCallDetector::new);
    addIfSet(STARVATION_PROPERTY, wanted, StarvationDetector::new);
    addIfSet(LONG_CLOSE_PROPERTY, wanted, CloseDetector::new);
    int growthLimit = Integer.getInteger(UnclosedResource.GROWTH_PROPERTY, 0);
    if (growthLimit > 0) {
      wanted.add(new GrowthDetector(growthLimit));
    }
    return wanted;
  }

  private static void addIfSet(
      String property, List<Detector> wanted, LongFunction<Detector> detector) {
    long millis = Long.getLong(property, 0);
    if (millis > 0) {
      wanted.add(detector.apply(TimeUnit.MILLISECONDS.toNanos(millis)));
    }
  }

  private static StallDetector stallDetector(long millis) {
    StallDetector detector = new StallDetector(TimeUnit.MILLISECONDS.toNanos(millis));
    running = detector;
    return detector;
  }

  private static void start(List<Detector> wanted) {
    if (!wanted.isEmpty()) {
      new WorkerThread(new Watch(wanted)::run, "goasync-watch-").start();
    }
  }

  /** Looks for turns above {@code limit} from now on, unless a property has had it begin. */
  static synchronized void findStalls(Duration limit) {
    if (running == null) {
      start(List.of(stallDetector(limit.toMillis())));
    }
  }

  /** The stalls so far; empty if their detector does not run. */
  static List<StallDump> stalls() {
    StallDetector detector = running;
    return detector == null ? List.of() : detector.stalls();
  }

  private void run() {
    while (true) {
      long now = TimeSource.SYSTEM.nanoTime();
      Set<Loop> loops = LoopRegistry.allIncludingOnCallers();
      long untilNext = Long.MAX_VALUE;
      for (Scheduled each : detectors) {
        if (now - each.next >= 0) {
          each.next = now + each.detector.intervalNanos();
          sample(each.detector, loops, now);
        }
        untilNext = Math.min(untilNext, each.next - now);
      }
      LockSupport.parkNanos(Math.max(1, untilNext));
    }
  }

  private static void sample(Detector detector, Set<Loop> loops, long now) {
    try {
      detector.sample(loops, now);
    } catch (Throwable bug) {
      Log.error("a detector failed", bug);
    }
  }
}
