package dev.goasync.internal.inspect;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.IdleStrategy;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.util.WorkerThread;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What the module dev.goasync.inspector uses beyond the public interface. Its loop and its threads
 * do not belong to the program: they are not in dumps, and neither keep the program alive nor keep
 * a deadlock from being found.
 */
public final class Observation {
  private static volatile boolean measuresTurns;

  private Observation() {}

  /** Has dumps measure the turns of each loop, and the detector find turns above the limit. */
  public static void begin(Duration longTurn) {
    measuresTurns = true;
    Watch.findStalls(longTurn);
  }

  static boolean measuresTurns() {
    return measuresTurns;
  }

  /** A dump of all loops of the program. Any thread; a coroutine pauses. */
  public static Dump dump(DumpOptions options) {
    return Diagnostics.dump(options);
  }

  /** Requests a cancel of the coroutine; returns false if there is none. Any thread. */
  public static boolean cancel(long id, String reason) {
    for (Loop loop : LoopRegistry.allIncludingOnCallers()) {
      for (Fiber fiber : Inspection.fibersOf(loop)) {
        if (fiber != null && fiber.thread().threadId() == id && !Inspection.hasEnded(fiber)) {
          fiber.cancel(reason);
          return true;
        }
      }
    }
    return false;
  }

  /** Starts a loop that is not part of the program, and returns it as an executor. */
  public static Executor startLoop(String name) {
    Loop loop =
        Loop.start(name, true, TimeSource.SYSTEM, Backends.lazyPollerFactory(), IdleStrategy.SLEEP);
    LoopRegistry.hide(loop);
    return loop;
  }

  /** Creates a daemon thread that is not part of the program. */
  public static Thread thread(Runnable work, String namePrefix) {
    return new WorkerThread(work, namePrefix);
  }
}
