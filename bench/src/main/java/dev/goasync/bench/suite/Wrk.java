package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of the load generator wrk. */
record Wrk(
    double requests,
    double requestsPerSecond,
    double p50Us,
    double p99Us,
    double p999Us,
    double errors) {
  private static final String MARK = "= ";
  private static final int WARM_UPS = 3;

  /**
   * Loads a server so that its JIT compiler is done. The end of a load is part of it: where a
   * connection closes for the first time, the compiler discards and repeats most of its work.
   */
  static void warmUp(Workplace place, int port, int connections, int seconds)
      throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UPS; i++) {
      run(place, port, connections, Math.max(1, seconds / WARM_UPS));
    }
  }

  static Wrk run(Workplace place, int port, int connections, int seconds)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + port + "/";
    return run(place, "report.lua", List.of(), url, connections, seconds);
  }

  /**
   * Loads a server.
   *
   * @param script a file of {@code peers/wrk}
   * @param options further options
   */
  static Wrk run(
      Workplace place,
      String script,
      List<String> options,
      String url,
      int connections,
      int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("wrk", "-t1"));
    command.add("-c" + connections);
    command.add("-d" + seconds);
    command.add("-s");
    command.add(place.peerSource("wrk/" + script).toString());
    command.addAll(options);
    command.add(url);
    return parse(Program.run(command));
  }

  /** Parses the line that {@code report.lua} adds to the output of wrk. */
  static Wrk parse(List<String> output) throws IOException {
    for (String line : output) {
      if (line.startsWith(MARK)) {
        List<Double> figures =
            List.of(line.substring(MARK.length()).split(" ")).stream()
                .map(Double::valueOf)
                .toList();
        double perSecond = figures.get(0) * 1e6 / figures.get(1);
        return new Wrk(
            figures.get(0),
            perSecond,
            figures.get(2),
            figures.get(3),
            figures.get(4),
            figures.get(5));
      }
    }
    throw new IOException(
        String.format(
            Locale.ROOT, "wrk did not print \"%s\":%n%s", MARK, String.join("\n", output)));
  }
}
