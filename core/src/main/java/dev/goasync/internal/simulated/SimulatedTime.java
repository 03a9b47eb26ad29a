package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.TimeSource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clocks of a simulated host: the world's time, and a wall clock that may be wrong. */
public final class SimulatedTime implements TimeSource {
  /** A second before the largest long, so that each run crosses the overflow of nanoTime. */
  private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final SimulatedWorld world;
  private final long skewNanos;

  SimulatedTime(SimulatedWorld world, long skewNanos) {
    this.world = world;
    this.skewNanos = skewNanos;
  }

  /** Converts a time of {@link #nanoTime} to nanoseconds since the world's start. */
  static long sinceStart(long nanoTime) {
    return nanoTime - ORIGIN;
  }

  @Override
  public long nanoTime() {
    return ORIGIN + world.now();
  }

  @Override
  public Instant instant() {
    return EPOCH.plusNanos(world.now() + skewNanos);
  }

  @Override
  public long wallClockTrustNanos() {
    return Poller.FOREVER; // this clock is never set
  }

  /** The world moves the clock. */
  @Override
  public boolean jumpTo(long nanoTime) {
    return false;
  }

  /** The wall clock for users. */
  public Clock clock() {
    return new HostClock(ZoneOffset.UTC);
  }

  private final class HostClock extends Clock {
    private final ZoneId zone;

    HostClock(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new HostClock(other);
    }

    @Override
    public Instant instant() {
      return SimulatedTime.this.instant();
    }

    @Override
    public String toString() {
      return "clock of the simulation";
    }
  }
}
