package dev.goasync.internal.loop;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Where a loop takes the time from. Read on any thread. */
public interface TimeSource {
  /** The machine's clocks. */
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant instant() {
          return Instant.now();
        }

        @Override
        public long wallClockTrustNanos() {
          return TimeUnit.SECONDS.toNanos(1);
        }

        @Override
        public boolean jumpTo(long nanoTime) {
          return false;
        }
      };

  /** Monotonic nanoseconds from an arbitrary origin; compare by subtraction. */
  long nanoTime();

  /** The wall clock. */
  Instant instant();

  /**
   * How long who waits for a time of the wall clock may go without looking at it, as it may be set
   * meanwhile.
   */
  long wallClockTrustNanos();

  /**
   * Called when nothing can happen before {@code nanoTime}: a virtual clock goes there and returns
   * true, a real one returns false and is waited for.
   */
  boolean jumpTo(long nanoTime);
}
