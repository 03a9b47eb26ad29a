package dev.goasync.internal.simulated;

import java.util.SplittableRandom;

/**
 * How long messages take.
 *
 * @param minNanos the shortest time
 * @param maxNanos the longest time; all between are equally likely
 */
public record Latency(long minNanos, long maxNanos) {
  long draw(SplittableRandom random) {
    return minNanos == maxNanos ? minNanos : random.nextLong(minNanos, maxNanos + 1);
  }
}
