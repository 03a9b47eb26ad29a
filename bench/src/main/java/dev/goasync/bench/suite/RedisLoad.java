package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Servers with the Redis protocol, loaded by redis-benchmark. */
final class RedisLoad {
  /** The commands of suite net, 16 at a time. */
  static final List<String> COMMANDS = List.of("SET", "GET");

  private static final int AT_ONCE = 16;

  /** A case: a command, and how many of it a connection sends at a time. */
  private record Use(String caseName, String command, int atOnce) {}

  private static final List<Use> PIPELINED =
      COMMANDS.stream().map(each -> new Use(caseOf(each), each, AT_ONCE)).toList();

  private static final List<Use> GETS =
      List.of(new Use("redis-get-1", "GET", 1), new Use("redis-get-16", "GET", AT_ONCE));

  private static final String REDIS = "redis";

  private static final String TRIAL = "redis";

  private RedisLoad() {}

  static String caseOf(String command) {
    return "redis-" + command.toLowerCase(Locale.ROOT);
  }

  /** GET, one and 16 at a time, for suite servers. */
  static List<Trial> gets(Workplace place) {
    return List.of(ofExample(place, GETS), ofRedis(place, REDIS, GETS));
  }

  static List<Target> targetsOfGets() {
    return GETS.stream()
        .map(use ->
            Target.ratio(
                use.caseName + ": processor time of a GET, of Redis's",
                1,
                use.caseName,
                REDIS,
                Metric.CPU_US_PER_OP))
        .toList();
  }

  /** The example redis-mini. */
  static Trial ofExample(Workplace place) {
    return ofExample(place, PIPELINED);
  }

  private static Trial ofExample(Workplace place, List<Use> uses) {
    return new Trial(
        TRIAL,
        Results.US,
        Tool.REDIS_BENCHMARK.missing(),
        () -> {
          List<String> command =
              place.java(List.of(), "dev.goasync.examples.RedisMini", "--port", "0");
          try (Program server = Program.start(command)) {
            int port = server.awaitPort();
            for (Use each : uses) {
              var _ = benchmark(port, each, operations(place, each)); // warms up the server's JIT
            }
            return measure(place, server, port, uses);
          }
        });
  }

  /** Redis itself, in memory only. */
  static Trial ofRedis(Workplace place, String peer) {
    return ofRedis(place, peer, PIPELINED);
  }

  private static Trial ofRedis(Workplace place, String peer, List<Use> uses) {
    Optional<String> missing = Tool.firstMissing(Tool.REDIS, Tool.REDIS_BENCHMARK);
    return new Trial(
        TRIAL,
        peer,
        missing,
        () -> {
          int port = Ports.free();
          List<String> command =
              List.of("redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1");
          try (Program server = Program.start(with(command, "--save", "", "--appendonly", "no"))) {
            var _ = server.awaitLine("Ready to accept connections");
            return measure(place, server, port, uses);
          }
        });
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static List<Measurement> measure(
      Workplace place, Program server, int port, List<Use> uses)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    for (Use use : uses) {
      int operations = operations(place, use);
      ProcStat.Cpu before = ProcStat.cpu(server.pid());
      double perSecond = benchmark(port, use, operations);
      ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
      String caseName = use.caseName;
      figures.add(new Measurement(caseName, Metric.CPU_US_PER_OP, used.us() / operations));
      figures.add(new Measurement(caseName, Metric.USER_US_PER_OP, used.userUs() / operations));
      figures.add(new Measurement(caseName, Metric.SYS_US_PER_OP, used.sysUs() / operations));
      figures.add(new Measurement(caseName, Metric.OPS_PER_S, perSecond));
    }
    return figures;
  }

  private static int operations(Workplace place, Use use) {
    return place.quick() || use.atOnce == 1 ? 200_000 : 1_000_000;
  }

  private static double benchmark(int port, Use use, int operations)
      throws IOException, InterruptedException {
    String atOnce = String.valueOf(use.atOnce);
    List<String> client =
        List.of("redis-benchmark", "-h", "127.0.0.1", "-p", String.valueOf(port), "-P", atOnce);
    String count = String.valueOf(operations);
    String command = use.command.toLowerCase(Locale.ROOT);
    return parse(use.command, Program.run(with(client, "-t", command, "-n", count, "--csv")));
  }

  /** Returns the operations a second, the second field of the command's line in the CSV output. */
  static double parse(String command, List<String> output) throws IOException {
    String start = '"' + command + "\",\"";
    for (String line : output) {
      if (line.startsWith(start)) {
        return Double.parseDouble(line.substring(start.length()).split("\"", 2)[0]);
      }
    }
    throw new IOException("redis-benchmark printed no figure for " + command + ":\n" + output);
  }
}
