package dev.goasync.bench.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time limit of a quick run. Suites share it in proportion to their expected durations, so that
 * each one shows something even on a slow machine; unused time is left for the next suites.
 */
public final class Budget {
  private final LongSupplier nanoTime;
  private final long end;

  /** Starts a budget now. */
  public Budget(LongSupplier nanoTime, Duration all) {
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + all.toNanos();
  }

  /** Returns whether a suite may start another trial, given its share of the expected seconds. */
  BooleanSupplier share(int seconds, int ofSeconds) {
    long now = nanoTime.getAsLong();
    long until = now + Math.round((double) (end - now) * seconds / Math.max(1, ofSeconds));
    return () -> nanoTime.getAsLong() - until < 0;
  }
}
