package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Measures the memory of idle connections in a server. */
final class IdleConnections {
  static final String CASE = "connections";
  private static final int COUNT = 10_000;

  /**
   * The connections before the first measurement; they make the server load and compile its
   * classes.
   */
  private static final int FIRST = 200;

  private IdleConnections() {}

  static Trial trial(Workplace place, Peer peer) {
    return peer.trial(
        CASE,
        () -> {
          try (Program server = Program.start(peer.command("0"))) {
            int port = server.awaitPort();
            return List.of(
                new Measurement(CASE, Metric.BYTES_PER_ITEM, bytesOfEach(server.pid(), port)));
          }
        });
  }

  private static double bytesOfEach(long pid, int port) throws Exception {
    try (Clients clients = new Clients(port)) {
      clients.connect(FIRST);
      double before = resident(pid);
      clients.connect(COUNT);
      return (resident(pid) - before) / COUNT;
    }
  }

  /** Returns resident memory; runs the collector of a JVM first. */
  private static double resident(long pid) throws IOException, InterruptedException {
    String id = String.valueOf(pid);
    Path executable = Path.of("/proc", id, "exe").toRealPath();
    if (executable.endsWith("java")) {
      String jcmd = executable.resolveSibling("jcmd").toString();
      var _ = Program.run(List.of(jcmd, id, "GC.run"));
    }
    return ProcStat.rssBytes(id);
  }
}
