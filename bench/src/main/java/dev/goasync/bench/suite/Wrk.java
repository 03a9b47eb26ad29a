package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the load generator wrk said. */
record Wrk(double requests, double requestsPerSecond, double p50Us, double p99Us, double errors) {
  private static final Pattern DONE = Pattern.compile("(\\d+) requests in");
  private static final Pattern RATE = Pattern.compile("Requests/sec: *([\\d.]+)");
  private static final Pattern HALF = Pattern.compile(" 50% +([\\d.]+)(us|ms|s)");
  private static final Pattern MOST = Pattern.compile(" 99% +([\\d.]+)(us|ms|s)");
  private static final Pattern SOCKET_ERRORS =
      Pattern.compile("connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

  static Wrk run(String port, int connections, int seconds)
      throws IOException, InterruptedException {
    String said =
        String.join(
            "\n",
            Program.run(
                List.of(
                    "wrk",
                    "-t1",
                    "-c" + connections,
                    "-d" + seconds,
                    "--latency",
                    "http://127.0.0.1:" + port + "/")));
    double errors = 0;
    Matcher failed = SOCKET_ERRORS.matcher(said);
    if (failed.find()) {
      for (int kind = 1; kind <= failed.groupCount(); kind++) {
        errors += Double.parseDouble(failed.group(kind));
      }
    }
    return new Wrk(
        find(DONE, said, 1), find(RATE, said, 1), micros(HALF, said), micros(MOST, said), errors);
  }

  private static double find(Pattern pattern, String said, int group) throws IOException {
    return Double.parseDouble(match(pattern, said).group(group));
  }

  private static double micros(Pattern pattern, String said) throws IOException {
    Matcher found = match(pattern, said);
    double value = Double.parseDouble(found.group(1));
    return switch (found.group(2)) {
      case "us" -> value;
      case "ms" -> value * 1e3;
      default -> value * 1e6;
    };
  }

  private static Matcher match(Pattern pattern, String said) throws IOException {
    Matcher found = pattern.matcher(said);
    if (!found.find()) {
      throw new IOException("wrk did not say " + pattern + ":\n" + said);
    }
    return found;
  }
}
