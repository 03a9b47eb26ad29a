package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures short connections: one request, then the server closes. */
final class Churn {
  static final String CASE = "churn";
  private static final int AT_ONCE = 16;

  private Churn() {}

  static Trial trial(Workplace place, Peer peer) {
    return peer.trial(
        CASE,
        () -> {
          List<String> command = peer.command("0");
          try (Program server = Program.start(command)) {
            int port = server.awaitPort();
            boolean compiles = Peer.hasJit(command) && !place.quick();
            var _ = connections(port, Duration.ofMillis(compiles ? 3000 : 300));
            return measure(server, port, Duration.ofMillis(place.quick() ? 700 : 2000));
          }
        });
  }

  private static List<Measurement> measure(Program server, int port, Duration time)
      throws Exception {
    ProcStat.Cpu before = ProcStat.cpu(server.pid());
    long start = System.nanoTime();
    long count = connections(port, time);
    double seconds = (System.nanoTime() - start) / 1e9;
    server.checkRuns();
    ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
    return List.of(
        new Measurement(CASE, Metric.CPU_US_PER_OP, used.us() / count),
        new Measurement(CASE, Metric.USER_US_PER_OP, used.userUs() / count),
        new Measurement(CASE, Metric.SYS_US_PER_OP, used.sysUs() / count),
        new Measurement(CASE, Metric.OPS_PER_S, count / seconds));
  }

  private static long connections(int port, Duration time) throws Exception {
    long until = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        counts.add(threads.submit(() -> oneAfterTheOther(port, until)));
      }
      long sum = 0;
      for (Future<Long> count : counts) {
        sum += count.get();
      }
      return sum;
    }
  }

  private static long oneAfterTheOther(int port, long until) throws IOException {
    long count = 0;
    for (; System.nanoTime() - until < 0; count++) {
      Clients.askOnce(port);
    }
    return count;
  }
}
