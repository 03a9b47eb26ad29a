package dev.goasync.internal.loop;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clock of a loop. Any thread. */
public interface TimeSource {
  /** The system's clocks. */
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
   * For how many nanoseconds a wait for a time of the wall clock may sleep before it reads the
   * clock again, since the clock may be set meanwhile.
   */
  long wallClockTrustNanos();

  /**
   * Called when nothing can happen before {@code nanoTime}. A virtual clock jumps to that time and
   * returns true; a real clock returns false, and the loop waits.
   */
  boolean jumpTo(long nanoTime);

  /**
   * Called on the loop's thread before the loop waits although a timer is set. Returns for how many
   * nanoseconds the loop may wait before the next call: a virtual clock reports that it stands
   * still.
   */
  default long limitWait(Loop loop, long timeoutNanos) {
    return timeoutNanos;
  }
}
