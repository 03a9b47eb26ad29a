package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.TimeSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Notices threads outside a simulation that wake its coroutines, which ends the run. */
final class OutsideThreads {
  /** What is wrong with a run after a wake-up. */
  static final String PROBLEM =
      "a thread outside the simulation has woken one of its coroutines, so the order of events is"
          + " not the seed's";

  private static final long PATIENCE_NANOS = 100_000_000L;

  private final Thread world;
  private volatile @Nullable Throwable wakeup;

  /**
   * @param world the thread of the simulation
   */
  OutsideThreads(Thread world) {
    this.world = world;
  }

  /** The calling thread, which is outside, has woken a coroutine. Any thread. */
  void noteWakeup() {
    wakeup =
        new IllegalStateException(
            "thread " + Thread.currentThread().getName() + " has submitted this work");
    LockSupport.unpark(world);
  }

  /** The place of the last wake-up; null if there was none. */
  @Nullable Throwable wakeup() {
    return wakeup;
  }

  /**
   * Gives a thread outside the simulation, for which a coroutine may wait, a moment of real time:
   * then the failure names the thread instead of a deadlock. Returns whether it has woken one.
   */
  boolean awaitWakeup() {
    long end = TimeSource.SYSTEM.nanoTime() + PATIENCE_NANOS;
    long left = PATIENCE_NANOS;
    while (left > 0 && wakeup == null) {
      LockSupport.parkNanos(this, left);
      left = end - TimeSource.SYSTEM.nanoTime();
    }
    return wakeup != null;
  }
}
