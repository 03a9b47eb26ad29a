package dev.goasync.internal.loop;

/** Counts the turns of a loop by their length. Owned by the loop's thread. */
public final class TurnMeter {
  private static final int BUCKETS = 10;

  /** Turns below 2^14 ns, about 16 us, go to the first bucket; each bucket is four times wider. */
  private static final int FIRST_BUCKET_BITS = 14;

  private final long begin = TimeSource.SYSTEM.nanoTime();
  private final long[] counts = new long[BUCKETS];
  private long busyNanos;
  private long longestNanos;

  /** Adds a turn that began at {@code start} of {@link TimeSource#SYSTEM} and ends now. */
  void add(long start) {
    long nanos = TimeSource.SYSTEM.nanoTime() - start;
    busyNanos += nanos;
    longestNanos = Math.max(longestNanos, nanos);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(nanos);
    counts[Math.clamp((bits - FIRST_BUCKET_BITS + 1) / 2, 0, BUCKETS - 1)]++;
  }

  /** The time since the meter was made. */
  public long measuredNanos() {
    return TimeSource.SYSTEM.nanoTime() - begin;
  }

  /** The sum of all turns. */
  public long busyNanos() {
    return busyNanos;
  }

  /** The longest turn. */
  public long longestNanos() {
    return longestNanos;
  }

  /** The number of turns in each bucket; see {@code TurnTimes}. */
  public long[] counts() {
    return counts.clone();
  }
}
