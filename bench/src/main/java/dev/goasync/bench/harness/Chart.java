package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Draws a chart of a suite as SVG: the first metric of each case, with one bar for each peer. Each
 * case has its own scale. The colours can be read on light and dark pages.
 */
public final class Chart {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int BARS = 440;
  private static final int LINE = 20;

  /** The maximum length of a bar as a multiple of goasync's bar; longer bars are cut. */
  private static final double MAX_RATIO = 8;

  private static final String TEXT = "#7d8590";
  private static final String OURS = "#2f81f7";
  private static final String OTHERS = "#8b949e";

  private final Results results;

  /** Creates the chart of {@code results}. */
  public Chart(Results results) {
    this.results = results;
  }

  /** Writes the chart, unless there are no figures. */
  public void write(Path file) throws IOException {
    if (!results.isEmpty()) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, svg());
    }
  }

  String svg() {
    StringBuilder body = new StringBuilder();
    int y = 0;
    for (String caseName : results.cases()) {
      Metric metric = results.metrics(caseName).getFirst();
      y += 2 * LINE;
      String title = caseName + ": " + metric.id() + ", " + metric.unit();
      body.append(text(0, y - 6, "start", "font-weight=\"bold\"", title));
      List<Results.Row> rows = results.rows(caseName, metric);
      double full = fullScale(rows);
      for (Results.Row row : rows) {
        y += LINE;
        body.append(bar(y, row, full));
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
        + (WIDTH + " " + (y + LINE / 2))
        + "\" font-family=\"sans-serif\" font-size=\"13\">\n"
        + body
        + "</svg>\n";
  }

  /** Returns the value of the longest bar. */
  static double fullScale(List<Results.Row> rows) {
    double largest = rows.stream().mapToDouble(Results.Row::median).max().orElse(1);
    double cut =
        rows.stream()
            .filter(row -> row.peer().equals(Results.US))
            .mapToDouble(row -> row.median() * MAX_RATIO)
            .findFirst()
            .orElse(largest);
    return cut > 0 ? Math.min(largest, cut) : largest;
  }

  /** Returns the length of a value's bar. */
  static double length(double value, double full) {
    return full > 0 ? Math.clamp(value / full, 0, 1) * BARS : 0;
  }

  private static String bar(int y, Results.Row row, double full) {
    double length = length(row.median(), full);
    boolean cut = row.median() > full;
    String colour = row.peer().equals(Results.US) ? OURS : OTHERS;
    String shape =
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
            LABELS,
            y - LINE + 4,
            length,
            LINE - 5,
            colour);
    String value = Report.number(row.median()) + (cut ? " (cut)" : "");
    return text(LABELS - 8, y - 5, "end", "", row.peer())
        + shape
        + text((int) (LABELS + length) + 6, y - 5, "start", "", value);
  }

  private static String text(int x, int y, String anchor, String more, String words) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>\n",
        x,
        y,
        anchor,
        TEXT,
        more,
        words);
  }
}
