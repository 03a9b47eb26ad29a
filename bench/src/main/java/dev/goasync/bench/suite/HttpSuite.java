package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Servers that answer a small HTTP request, under load by wrk. */
public final class HttpSuite implements Suite {
  private static final List<Integer> CONNECTIONS = List.of(1, 64, 1000);

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String purpose() {
    return "A server that answers \"Hello, World!\" with keep-alive, loaded by wrk on the same"
        + " machine with 1, 64 and 1,000 connections: the server's processor time a request,"
        + " throughput and latency.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public Optional<String> missing() {
    return Tool.WRK.missing();
  }

  @Override
  public List<String> notQuick() {
    List<String> names = new ArrayList<>(List.of("c1", "c1000", "system calls"));
    names.addAll(HttpServers.VARIANTS);
    return names;
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return HttpServers.all(place).stream()
        .map(server -> server.trial("load", () -> measure(place, server)))
        .toList();
  }

  private static List<Measurement> measure(Workplace place, Peer peer) throws Exception {
    List<Measurement> figures = new ArrayList<>();
    try (Program server = Program.start(peer.command("0"))) {
      int port = server.awaitPort();
      Wrk.run(place, port, 64, place.quick() ? 1 : 5); // until the server is compiled
      if (place.quick()) {
        return load(place, server, port, 64);
      }
      for (int connections : CONNECTIONS) {
        Wrk.run(place, port, connections, 1);
        figures.addAll(load(place, server, port, connections));
      }
      double peak = ProcStat.peakRssMb(String.valueOf(server.pid()));
      figures.add(new Measurement("c1000", Metric.PEAK_RSS_MB, peak));
      if (Tool.STRACE.missing().isEmpty()) {
        double calls = SystemCalls.ofRequest(server.pid(), port);
        figures.add(new Measurement("c64", Metric.SYSCALLS_PER_OP, calls));
      }
    }
    return figures;
  }

  private static List<Measurement> load(Workplace place, Program server, int port, int connections)
      throws IOException, InterruptedException {
    ProcStat.Cpu before = ProcStat.cpu(server.pid());
    Wrk load = Wrk.run(place, port, connections, place.quick() ? 1 : 4);
    server.checkRuns();
    ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
    double requests = load.requests();
    if (requests == 0) {
      throw new IOException("it answered none of " + connections + " connections");
    }
    String caseName = "c" + connections;
    return List.of(
        new Measurement(caseName, Metric.CPU_US_PER_OP, (used.userUs() + used.sysUs()) / requests),
        new Measurement(caseName, Metric.USER_US_PER_OP, used.userUs() / requests),
        new Measurement(caseName, Metric.SYS_US_PER_OP, used.sysUs() / requests),
        new Measurement(caseName, Metric.OPS_PER_S, load.requestsPerSecond()),
        new Measurement(caseName, Metric.P50_US, load.p50Us()),
        new Measurement(caseName, Metric.P99_US, load.p99Us()),
        new Measurement(caseName, Metric.P999_US, load.p999Us()),
        new Measurement(caseName, Metric.ERRORS, load.errors()));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.ratio(
            "processor time a request at 64 connections, of JDK virtual threads'",
            0.6,
            "c64",
            "jdk-virtual-threads",
            Metric.CPU_US_PER_OP),
        Target.ratio(
            "processor time a request at 1,000 connections, of JDK virtual threads'",
            0.6,
            "c1000",
            "jdk-virtual-threads",
            Metric.CPU_US_PER_OP),
        Target.ratio(
            "on epoll, processor time a request at 64 connections, of C epoll's",
            1.3,
            "c64",
            "goasync-epoll",
            "c-epoll",
            Metric.CPU_US_PER_OP),
        Target.ratio(
            "on nio, processor time a request at 64 connections, of C epoll's",
            1.5,
            "c64",
            "goasync-nio",
            "c-epoll",
            Metric.CPU_US_PER_OP));
  }
}
