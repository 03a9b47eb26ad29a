package dev.goasync.bench.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One figure of one round.
 *
 * @param caseName the case of the suite
 * @param metric the metric
 * @param value the figure, in the metric's unit
 */
public record Measurement(String caseName, Metric metric, double value) {
  private static final String MARK = "= ";

  /** Returns the line with which a measured program prints this figure. */
  public String toLine() {
    return String.format(Locale.ROOT, MARK + "%s %s %.3f", caseName, metric.id(), value);
  }

  /** Parses the figures that a measured program printed. */
  public static List<Measurement> parse(List<String> output) throws IOException {
    List<Measurement> figures = new ArrayList<>();
    for (String line : output) {
      if (line.startsWith(MARK)) {
        figures.add(ofLine(line));
      }
    }
    return figures;
  }

  private static Measurement ofLine(String line) throws IOException {
    List<String> words = List.of(line.substring(MARK.length()).trim().split(" +"));
    try {
      return new Measurement(
          words.get(0), Metric.of(words.get(1)), Double.parseDouble(words.get(2)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("a line of its output is not a figure: \"" + line + "\"", e);
    }
  }
}
