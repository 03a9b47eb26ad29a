package dev.goasync.bench.micro;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import java.util.Collection;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs one JMH benchmark in this process, which the bench has started for it, and prints the wall
 * time, the processor time and the allocated bytes of one operation. Wall time is that of the
 * fastest iteration: a disturbance makes a step longer, never shorter. Processor time is that of
 * all iterations, since the kernel counts it in steps of 10 ms.
 */
public final class Micro {
  /** Operations in one call of a benchmark method, so that the cost of the call is negligible. */
  static final int OPERATIONS = 10_000;

  private Micro() {}

  /** Arguments: the case's name, the benchmark's class and method, "quick" or "full". */
  public static void main(String[] args) throws RunnerException {
    boolean quick = args[2].equals("quick");
    var options =
        new OptionsBuilder()
            .include(args[1].replace(".", "\\.") + "$")
            .forks(0)
            .mode(Mode.AverageTime)
            .warmupIterations(quick ? 4 : 10)
            .warmupTime(TimeValue.milliseconds(quick ? 50 : 200))
            .measurementIterations(quick ? 3 : 10)
            .measurementTime(TimeValue.milliseconds(quick ? 50 : 200))
            .timeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> runs = new Runner(options).run();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no benchmark " + args[1]);
    }
    for (RunResult run : runs) {
      print(args[0], Metric.NS_PER_OP, run.getPrimaryResult().getStatistics().getMin());
      Statistics cpu = ofProfiler(run, CpuProfiler.RESULT);
      print(args[0], Metric.CPU_NS_PER_OP, cpu.getMean());
      Statistics allocated = ofProfiler(run, "gc.alloc.rate.norm");
      print(args[0], Metric.BYTES_PER_ITEM, allocated.getMin());
    }
    System.exit(0);
  }

  private static Statistics ofProfiler(RunResult run, String name) {
    Result<?> result = run.getSecondaryResults().get(name);
    if (result == null) {
      throw new IllegalStateException("JMH has no " + name);
    }
    return result.getStatistics();
  }

  private static void print(String caseName, Metric metric, double value) {
    System.out.println(new Measurement(caseName, metric, value).toLine());
  }
}
