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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Servers that answer a small HTTP request, under load by wrk. */
public final class HttpSuite implements Suite {
  private static final List<Integer> CONNECTIONS = List.of(1, 64, 1000);
  private static final int WARM_UP_SECONDS = 6;

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
  public List<String> onlyOnce() {
    return HttpServers.BESIDE_TARGETS;
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    Set<String> counted = new HashSet<>();
    return HttpServers.all(place).stream()
        .map(server -> server.trial("load", () -> measure(place, server, counted.add(server.id()))))
        .toList();
  }

  /** The number of system calls is the same in every round, so one round is enough. */
  private static List<Measurement> measure(Workplace place, Peer peer, boolean first)
      throws Exception {
    List<Measurement> figures = new ArrayList<>();
    List<String> command = peer.command("0");
    try (Program server = Program.start(command)) {
      int port = server.awaitPort();
      if (Peer.hasJit(command) && !place.quick()) {
        Wrk.warmUp(place, port, 64, WARM_UP_SECONDS);
      } else {
        Wrk.run(place, port, 64, 1);
      }
      if (place.quick()) {
        return load(place, server, port, 64);
      }
      for (int connections : CONNECTIONS) {
        figures.addAll(load(place, server, port, connections));
      }
      double peak = ProcStat.peakRssMb(String.valueOf(server.pid()));
      figures.add(new Measurement("c1000", Metric.PEAK_RSS_MB, peak));
      if (first && Tool.STRACE.missing().isEmpty()) {
        double calls = SystemCalls.ofRequest(server.pid(), port);
        figures.add(new Measurement("c64", Metric.SYSCALLS_PER_OP, calls));
      }
    }
    return figures;
  }

  private static List<Measurement> load(Workplace place, Program server, int port, int connections)
      throws IOException, InterruptedException {
    ProcStat.Cpu before = ProcStat.cpu(server.pid());
    Wrk load = Wrk.run(place, port, connections, place.quick() ? 1 : 2);
    server.checkRuns();
    ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
    double requests = load.requests();
    if (requests == 0) {
      throw new IOException("no response on any of " + connections + " connections");
    }
    String caseName = "c" + connections;
    return List.of(
        new Measurement(caseName, Metric.CPU_US_PER_OP, used.us() / requests),
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
    return HttpTargets.all(CONNECTIONS);
  }
}
