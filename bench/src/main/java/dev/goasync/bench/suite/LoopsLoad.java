package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;
import java.util.Map;

/**
 * The server of suite http with one loop and with two. The load generator needs one of the
 * machine's two processors, so throughput cannot show the gain of the second loop; the processor
 * time of the busier loop can: contention increases the time of a request, and an uneven
 * distribution makes the share of one loop larger than half.
 */
final class LoopsLoad {
  static final String CASE = "loops";
  static final String ONE = Results.US;
  static final String TWO = "goasync-2-loops";

  /** Enough connections for an even distribution to the loops. */
  private static final int CONNECTIONS = 256;

  private LoopsLoad() {}

  static List<Trial> trials(Workplace place) {
    return List.of(trial(place, ONE, 1), trial(place, TWO, 2));
  }

  private static Trial trial(Workplace place, String peer, int loops) {
    return new Trial(CASE, peer, Tool.WRK.missing(), () -> measure(place, loops));
  }

  private static List<Measurement> measure(Workplace place, int loops) throws Exception {
    List<String> command =
        place.java(
            List.of(),
            "dev.goasync.examples.HttpHello",
            "--loops",
            String.valueOf(loops),
            "--port",
            "0");
    try (Program server = Program.start(command)) {
      int port = server.awaitPort();
      Wrk.warmUp(place, port, CONNECTIONS, place.quick() ? 1 : 6);
      Map<String, ProcStat.Cpu> before = ProcStat.cpuOfThreads(server.pid());
      ProcStat.Cpu all = ProcStat.cpu(server.pid());
      Wrk load = Wrk.run(place, port, CONNECTIONS, place.quick() ? 1 : 2);
      server.checkRuns();
      double us = ProcStat.cpu(server.pid()).since(all).us();
      double busiest = ProcStat.busiest(before, ProcStat.cpuOfThreads(server.pid())).us();
      return List.of(
          new Measurement(CASE, Metric.CPU_US_PER_OP, us / load.requests()),
          new Measurement(CASE, Metric.OPS_PER_S, load.requestsPerSecond()),
          new Measurement(CASE, Metric.OPS_PER_THREAD_S, load.requests() / busiest * 1e6));
    }
  }
}
