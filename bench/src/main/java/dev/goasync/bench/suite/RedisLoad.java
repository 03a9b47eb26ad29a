package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Servers with the Redis protocol, loaded by redis-benchmark with 16 commands at a time. */
final class RedisLoad {
  static final List<String> COMMANDS = List.of("SET", "GET");

  private static final String TRIAL = "redis";

  private RedisLoad() {}

  static String caseOf(String command) {
    return "redis-" + command.toLowerCase(Locale.ROOT);
  }

  /** The example redis-mini. */
  static Trial ofExample(Workplace place) {
    return new Trial(
        TRIAL,
        Results.US,
        Tool.REDIS_BENCHMARK.missing(),
        () -> {
          List<String> command =
              place.java(List.of(), "dev.goasync.examples.RedisMini", "--port", "0");
          try (Program server = Program.start(command)) {
            int port = server.awaitPort();
            for (String each : COMMANDS) {
              var _ = benchmark(port, each, operations(place)); // warms up the JIT of the server
            }
            return measure(place, server, port);
          }
        });
  }

  /** Redis itself, in memory only. */
  static Trial ofRedis(Workplace place, String peer) {
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
            return measure(place, server, port);
          }
        });
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static List<Measurement> measure(Workplace place, Program server, int port)
      throws IOException, InterruptedException {
    int operations = operations(place);
    List<Measurement> figures = new ArrayList<>();
    for (String command : COMMANDS) {
      ProcStat.Cpu before = ProcStat.cpu(server.pid());
      double perSecond = benchmark(port, command, operations);
      ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
      String caseName = caseOf(command);
      figures.add(new Measurement(caseName, Metric.CPU_US_PER_OP, used.us() / operations));
      figures.add(new Measurement(caseName, Metric.USER_US_PER_OP, used.userUs() / operations));
      figures.add(new Measurement(caseName, Metric.SYS_US_PER_OP, used.sysUs() / operations));
      figures.add(new Measurement(caseName, Metric.OPS_PER_S, perSecond));
    }
    return figures;
  }

  private static int operations(Workplace place) {
    return place.quick() ? 200_000 : 1_000_000;
  }

  private static double benchmark(int port, String command, int operations)
      throws IOException, InterruptedException {
    List<String> client =
        List.of("redis-benchmark", "-h", "127.0.0.1", "-p", String.valueOf(port), "-P", "16");
    String count = String.valueOf(operations);
    return parse(
        command,
        Program.run(with(client, "-t", command.toLowerCase(Locale.ROOT), "-n", count, "--csv")));
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
