package dev.goasync.bench.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time of a quick run. The suites share it in proportion to their expected times, so that each
 * has a result even on a slow machine; the next suite gets the time that one leaves.
 */
public final class Budget {
  private final LongSupplier nanoTime;
  private final long end;

  /** A budget that begins now. */
  public Budget(LongSupplier nanoTime, Duration all) {
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + all.toNanos();
  }

  /** Returns whether a suite may begin a trial, given its share of the expected seconds. */
  BooleanSupplier share(int seconds, int ofSeconds) {
    long now = nanoTime.getAsLong();
    long until = now + Math.round((double) (end - now) * seconds / Math.max(1, ofSeconds));
    return () -> nanoTime.getAsLong() - until < 0;
  }
}
