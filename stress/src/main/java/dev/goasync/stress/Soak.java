package dev.goasync.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/** Runs rounds for some minutes, or a number of rounds, and checks for leaks. */
public final class Soak {
  /** The rounds until classes are loaded and compiled, and pools are filled. */
  private static final int WARM_UP = 8;

  private static final int SPARE_DESCRIPTORS = 16;
  private static final int SPARE_THREADS = 64; // of the offload pool; they end when idle
  private static final long SPARE_HEAP = 16L << 20;

  private record Level(long descriptors, int threads, long heap) {
    static Level now() throws IOException {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      return new Level(
          descriptorsOpen(),
          Thread.getAllStackTraces().size(),
          runtime.totalMemory() - runtime.freeMemory());
    }

    private static long descriptorsOpen() throws IOException {
      Path open = Path.of("/proc/self/fd");
      if (!Files.isDirectory(open)) {
        return 0;
      }
      try (Stream<Path> links = Files.list(open)) {
        return links.count();
      }
    }

    void requireNoMoreThan(Level before) {
      if (descriptors > before.descriptors + SPARE_DESCRIPTORS
          || threads > before.threads + SPARE_THREADS
          || heap > before.heap + SPARE_HEAP) {
        throw new AssertionError("leaks: " + this + ", after the warm-up it was " + before);
      }
    }
  }

  private Soak() {}

  /** {@code --minutes N}, {@code --rounds N}, {@code --seed N}; ten minutes by default. */
  public static void main(String[] args) throws Exception {
    Duration time = Duration.ofMinutes(10);
    int rounds = Integer.MAX_VALUE;
    long seed = System.nanoTime();
    for (int i = 0; i < args.length; i += 2) {
      long value = Long.parseLong(args[i + 1]);
      switch (args[i]) {
        case "--minutes" -> time = Duration.ofMinutes(value);
        case "--rounds" -> rounds = (int) value;
        case "--seed" -> seed = value;
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    run(seed, rounds, rounds < Integer.MAX_VALUE ? Duration.ofDays(1) : time);
  }

  /** Runs at most {@code rounds} rounds; starts none after {@code time}. */
  static void run(long seed, int rounds, Duration time) throws Exception {
    long begun = System.nanoTime();
    System.out.println("soak: the first seed is " + seed);
    Level warm = null;
    for (int round = 0; round < rounds && System.nanoTime() - begun < time.toNanos(); round++) {
      if (round == WARM_UP) {
        warm = Level.now();
      }
      try {
        Round.run(seed + round);
      } catch (Throwable failure) {
        throw new AssertionError(
            "round %d failed; again with --seed %d --rounds 1".formatted(round, seed + round),
            failure);
      }
      if (Integer.bitCount(round + 1) == 1) {
        System.out.printf(Locale.ROOT, "soak: %,d rounds%n", round + 1);
      }
    }
    if (warm != null) {
      Level.now().requireNoMoreThan(warm);
    }
    System.out.println("soak: ok, no leaks");
  }
}
