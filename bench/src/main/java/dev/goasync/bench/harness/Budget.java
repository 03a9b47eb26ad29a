package dev.goasync.bench.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time of a quick run. The suites share it by what they are expected to take, so that each
 * shows something even where the machine is slow; what one leaves is there for the next.
 */
public final class Budget {
  private final LongSupplier nanoTime;
  private final long end;

  /** A budget that begins now. */
  public Budget(LongSupplier nanoTime, Duration all) {
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + all.toNanos();
  }

  /** Whether a suite may begin more, of which so many of all the seconds to come are expected. */
  BooleanSupplier share(int seconds, int ofSeconds) {
    long now = nanoTime.getAsLong();
    long until = now + Math.round((double) (end - now) * seconds / Math.max(1, ofSeconds));
    return () -> nanoTime.getAsLong() - until < 0;
  }
}
