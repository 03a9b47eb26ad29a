package dev.goasync.testkit;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs a random test with many seeds: a number of them, or in its long form for some minutes.
 *
 * <p>{@code -Dscripts.seed=N} sets the first seed, {@code -Dscripts.count=N} the number of scripts,
 * {@code -Dscripts.minutes=N} the time of the long form, which {@code stress/run random} starts.
 */
public final class Scripts {
  /** What one seed determines. */
  @FunctionalInterface
  public interface Script {
    void run(long seed) throws Exception;
  }

  private static final long NO_SEED = -1;
  private static final long SEEDS_OF_A_BACKEND = 1_000_000;

  private Scripts() {}

  /** Runs {@code script} with {@code count} seeds; each backend and mode has seeds of its own. */
  public static void run(String name, int count, Script script) throws Exception {
    long minutes = Long.getLong("scripts.minutes", 0);
    long first = Long.getLong("scripts.seed", NO_SEED);
    if (first == NO_SEED) {
      first = minutes > 0 ? System.nanoTime() & Integer.MAX_VALUE : seedOfBackend();
    }
    if (minutes > 0) {
      System.out.printf("%s: %d minutes from seed %d%n", name, minutes, first);
    }
    long scripts = minutes > 0 ? Long.MAX_VALUE : Long.getLong("scripts.count", count);
    long begun = System.nanoTime();
    long done = 0;
    while (done < scripts
        && (minutes == 0 || System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(minutes))) {
      runOne(script, first + done);
      done++;
    }
    if (minutes > 0) {
      System.out.printf("%s: ok, %,d scripts%n", name, done);
    }
  }

  /** One of {@code values} at random. */
  public static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static void runOne(Script script, long seed) throws Exception {
    try {
      script.run(seed);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "seed %d; again with -Dscripts.seed=%d -Dscripts.count=1: %s"
              .formatted(seed, seed, failure.getMessage()),
          failure);
    }
  }

  private static long seedOfBackend() {
    String mode = SchedulerAccess.isFullMode() ? "full" : "portable";
    return 1 + SEEDS_OF_A_BACKEND * ((Backends.selected().name() + mode).hashCode() & 0xff);
  }
}
