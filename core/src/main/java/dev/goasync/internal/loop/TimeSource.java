package dev.goasync.internal.loop;

import java.time.Instant;

/** Where a loop takes the time from. Read on the loop's thread; {@link #nanoTime} on any. */
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
        public boolean jumpTo(long nanoTime) {
          return false;
        }
      };

  /** Monotonic nanoseconds from an arbitrary origin; compare by subtraction. */
  long nanoTime();

  /** The wall clock. */
  Instant instant();

  /**
   * Called when nothing can happen before {@code nanoTime}: a virtual clock goes there and returns
   * true, a real one returns false and is waited for.
   */
  boolean jumpTo(long nanoTime);
}
