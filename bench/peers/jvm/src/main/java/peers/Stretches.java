package peers;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Times steps in stretches of 0.1 s after a second's warm-up, and tells the fastest. */
final class Stretches {
  private static final long STRETCH_NANOS = 100_000_000;
  private static final int MOST_WARM_UP = 10;

  /** Some operations. */
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  private Stretches() {}

  static void measure(String caseName, int stretches, int operations, Body body)
      throws InterruptedException {
    double bestNanos = Double.MAX_VALUE;
    double leastBytes = Double.MAX_VALUE;
    int warmUp = Math.min(MOST_WARM_UP, 2 * stretches); // a quick run has few
    for (int stretch = -warmUp; stretch < stretches; stretch++) {
      long bytes = allocated();
      long start = System.nanoTime();
      long done = 0;
      while (System.nanoTime() - start < STRETCH_NANOS) {
        body.run();
        done += operations;
      }
      if (stretch >= 0) {
        bestNanos = Math.min(bestNanos, (double) (System.nanoTime() - start) / done);
        leastBytes = Math.min(leastBytes, (double) (allocated() - bytes) / done);
      }
    }
    System.out.printf(Locale.ROOT, "= %s ns_per_op %.3f%n", caseName, bestNanos);
    System.out.printf(Locale.ROOT, "= %s bytes_per_item %.3f%n", caseName, leastBytes);
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes();
  }
}
