package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The meter of turns adds up their times and counts them by length. */
final class TurnMeterTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  @Test
  void turnsAreAddedUpAndCountedByLength() {
    TurnMeter meter = new TurnMeter();
    long now = TimeSource.SYSTEM.nanoTime();
    meter.add(now - HOUR);
    meter.add(now - 2 * HOUR);
    assertThat(meter.busyNanos()).isBetween(3 * HOUR, 4 * HOUR);
    assertThat(meter.longestNanos()).isBetween(2 * HOUR, 3 * HOUR);
    long[] counts = meter.counts();
    assertThat(counts[counts.length - 1]).as("the longest turns").isEqualTo(2);
    assertThat(Arrays.stream(counts).sum()).isEqualTo(2);
  }
}
