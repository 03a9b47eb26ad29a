package dev.goasync.internal.loop;

import java.time.Instant;

/**
 * A virtual clock for tests: it stands still while anything runs, and jumps to the next timer when
 * nothing can happen before it. Written by its loop's thread or current fiber.
 */
public final class VirtualTime implements TimeSource {
  /** A second before the largest long, so that each test crosses the overflow of nanoTime. */
  private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private volatile long elapsedNanos;

  @Override
  public long nanoTime() {
    return ORIGIN + elapsedNanos;
  }

  @Override
  public Instant instant() {
    return EPOCH.plusNanos(elapsedNanos);
  }

  @Override
  public long wallClockTrustNanos() {
    return Poller.FOREVER; // this clock is never set
  }

  @Override
  public boolean jumpTo(long nanoTime) {
    elapsedNanos = Math.max(elapsedNanos, nanoTime - ORIGIN);
    return true;
  }

  /** Nanoseconds since the clock was created. */
  public long elapsedNanos() {
    return elapsedNanos;
  }
}
