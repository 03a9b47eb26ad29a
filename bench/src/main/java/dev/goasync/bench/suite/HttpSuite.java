package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
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
  public List<Trial> trials(Workplace place) throws Exception {
    Optional<String> noWrk = Workplace.missing("wrk", "wrk");
    List<String> go = List.of(place.buildGo("server").toString(), "0");
    List<String> c = List.of(place.buildC("epoll_server").toString(), "0");
    List<String> ours = place.java(List.of(), "dev.goasync.examples.HttpHello", "--port", "0");
    List<String> nio =
        place.java(
            List.of("-Dgoasync.backend=nio"), "dev.goasync.examples.HttpHello", "--port", "0");
    List<String> threads = place.java(List.of(), "dev.goasync.bench.program.ThreadHttpServer", "0");
    return List.of(
        trial(place, Results.US, noWrk, ours),
        trial(place, "goasync-nio", noWrk, nio),
        trial(place, "jdk-virtual-threads", noWrk, threads),
        trial(place, "go", noWrk.or(() -> Workplace.missing("go", "golang-go")), go),
        trial(place, "c-epoll", noWrk.or(() -> Workplace.missing("gcc", "gcc")), c));
  }

  private static Trial trial(
      Workplace place, String peer, Optional<String> missing, List<String> server) {
    return Trial.of(peer, "server " + peer, missing, () -> load(place, server));
  }

  private static List<Measurement> load(Workplace place, List<String> command)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    try (Program server = Program.start(command)) {
      String port = server.awaitLine("listening on");
      Wrk.run(port, 64, place.quick() ? 1 : 5); // until the server is compiled
      for (int connections : CONNECTIONS) {
        if (!place.quick()) {
          Wrk.run(port, connections, 1);
        }
        String caseName = "c" + connections;
        ProcStat.Cpu before = ProcStat.cpu(server.pid());
        Wrk load = Wrk.run(port, connections, place.quick() ? 1 : 4);
        ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
        double requests = load.requests();
        figures.add(
            new Measurement(
                caseName, Metric.CPU_US_PER_OP, (used.userUs() + used.sysUs()) / requests));
        figures.add(new Measurement(caseName, Metric.USER_US_PER_OP, used.userUs() / requests));
        figures.add(new Measurement(caseName, Metric.SYS_US_PER_OP, used.sysUs() / requests));
        figures.add(new Measurement(caseName, Metric.OPS_PER_S, load.requestsPerSecond()));
        figures.add(new Measurement(caseName, Metric.P50_US, load.p50Us()));
        figures.add(new Measurement(caseName, Metric.P99_US, load.p99Us()));
        figures.add(new Measurement(caseName, Metric.ERRORS, load.errors()));
      }
      double peak = ProcStat.peakRssMb(String.valueOf(server.pid()));
      figures.add(new Measurement("c1000", Metric.PEAK_RSS_MB, peak));
    }
    return figures;
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
            Metric.CPU_US_PER_OP));
  }
}
