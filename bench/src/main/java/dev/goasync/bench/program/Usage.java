package dev.goasync.bench.program;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import java.io.IOException;

/**
 * What a program has used so far.
 *
 * @param nanos the time, of {@link System#nanoTime}
 * @param cpu the processor time
 */
record Usage(long nanos, ProcStat.Cpu cpu) {
  static Usage now() throws IOException {
    return new Usage(System.nanoTime(), ProcStat.cpu(ProcessHandle.current().pid()));
  }

  /** Tells the figures of operations that took place since {@code before}. */
  static void tell(String caseName, long operations, Usage before) throws IOException {
    Usage now = now();
    ProcStat.Cpu cpu = now.cpu().since(before.cpu());
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    tell(caseName, Metric.CPU_US_PER_OP, (cpu.userUs() + cpu.sysUs()) / operations);
    tell(caseName, Metric.OPS_PER_S, operations / seconds);
  }

  private static void tell(String caseName, Metric metric, double value) {
    System.out.println(new Measurement(caseName, metric, value).toLine());
  }
}
