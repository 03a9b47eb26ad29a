package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
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

  static Wrk run(Workplace place, int port, int connections, int seconds)
      throws IOException, InterruptedException {
    return run(place, port, "/", connections, seconds);
  }

  static Wrk run(Workplace place, int port, String path, int connections, int seconds)
      throws IOException, InterruptedException {
    return parse(
        Program.run(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds,
                "-s",
                place.peerSource("wrk/report.lua").toString(),
                "http://127.0.0.1:" + port + path)));
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
