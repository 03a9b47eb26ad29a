package dev.goasync.bench.harness;

import java.util.List;
import java.util.Locale;

/**
 * One figure of one round.
 *
 * @param caseName which case of the suite
 * @param metric what was measured
 * @param value the figure, in the metric's unit
 */
public record Measurement(String caseName, Metric metric, double value) {
  private static final String MARK = "= ";

  /** How a measured program tells the figure, on a line of its own. */
  public String toLine() {
    return String.format(Locale.ROOT, MARK + "%s %s %.3f", caseName, metric.id(), value);
  }

  /** The figures that a measured program told. */
  public static List<Measurement> parse(List<String> output) {
    return output.stream().filter(line -> line.startsWith(MARK)).map(Measurement::ofLine).toList();
  }

  private static Measurement ofLine(String line) {
    List<String> words = List.of(line.substring(MARK.length()).trim().split(" +"));
    return new Measurement(words.get(0), Metric.of(words.get(1)), Double.parseDouble(words.get(2)));
  }
}
