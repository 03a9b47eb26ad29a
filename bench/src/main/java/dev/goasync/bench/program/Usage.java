package dev.goasync.bench.program;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import java.io.IOException;

/**
 * The time and processor time that a program has used.
 *
 * @param nanos the time of {@link System#nanoTime}
 * @param cpu the processor time
 */
record Usage(long nanos, ProcStat.Cpu cpu) {
  static Usage now() throws IOException {
    return new Usage(System.nanoTime(), ProcStat.cpu(ProcessHandle.current().pid()));
  }

  /** Returns the usage including child processes that have ended. */
  static Usage withChildren() throws IOException {
    return new Usage(System.nanoTime(), ProcStat.cpuWithChildren(ProcessHandle.current().pid()));
  }

  /** Prints the figures of the operations since {@code before}. */
  static void print(String caseName, long operations, Usage before) throws IOException {
    print(caseName, operations, before, now());
  }

  static void print(String caseName, long operations, Usage before, Usage now) {
    ProcStat.Cpu cpu = now.cpu().since(before.cpu());
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    print(caseName, Metric.CPU_US_PER_OP, cpu.us() / operations);
    print(caseName, Metric.OPS_PER_S, operations / seconds);
  }

  private static void print(String caseName, Metric metric, double value) {
    System.out.println(new Measurement(caseName, metric, value).toLine());
  }
}
