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

/** The memory that connections cost a server while nothing is said on them. */
final class IdleConnections {
  static final String CASE = "connections";
  private static final int COUNT = 10_000;

  /** These make the server load and compile what it needs, before its memory is looked at. */
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

  /** Without a JVM's garbage, which says nothing about connections. */
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
