package peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Times steps in stretches of 0.1 s after a second's warm-up: prints the wall time and the bytes of
 * the best stretch, and the processor time of all of them, by all threads of the process.
 */
final class Stretches {
  private static final long STRETCH_NANOS = 100_000_000;
  private static final int MAX_WARM_UP = 10;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** A step that does some operations. */
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  private Stretches() {}

  static void measure(String caseName, int stretches, int operations, Body body)
      throws InterruptedException {
    double bestNanos = Double.MAX_VALUE;
    double minBytes = Double.MAX_VALUE;
    long allDone = 0;
    long cpuBefore = 0;
    int warmUp = Math.min(MAX_WARM_UP, 2 * stretches); // few in a quick run
    for (int stretch = -warmUp; stretch < stretches; stretch++) {
      if (stretch == 0) {
        cpuBefore = PROCESS.getProcessCpuTime();
      }
      long bytes = allocated();
      long start = System.nanoTime();
      long done = 0;
      while (System.nanoTime() - start < STRETCH_NANOS) {
        body.run();
        done += operations;
      }
      if (stretch >= 0) {
        allDone += done;
        bestNanos = Math.min(bestNanos, (double) (System.nanoTime() - start) / done);
        minBytes = Math.min(minBytes, (double) (allocated() - bytes) / done);
      }
    }
    double cpuNanos = (double) (PROCESS.getProcessCpuTime() - cpuBefore) / allDone;
    print(caseName, "ns_per_op", bestNanos);
    print(caseName, "cpu_ns_per_op", cpuNanos);
    print(caseName, "bytes_per_item", minBytes);
  }

  private static void print(String caseName, String metric, double value) {
    System.out.printf(Locale.ROOT, "= %s %s %.3f%n", caseName, metric, value);
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes();
  }
}
