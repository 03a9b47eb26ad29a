package dev.goasync.bench.harness;

import java.util.List;
import java.util.Locale;

/** Formats the figures of one suite as text. */
public final class Report {
  private final Suite suite;
  private final Results results;

  /** Creates the report of a suite. */
  public Report(Suite suite, Results results) {
    this.suite = suite;
    this.results = results;
  }

  /** Returns the tables, in a format for terminals that is also Markdown. */
  public String tables() {
    StringBuilder text = new StringBuilder();
    for (String caseName : results.cases()) {
      text.append("### ").append(suite.name()).append(": ").append(caseName).append("\n\n");
      text.append(line("metric", "peer", "median", "min - max", "rounds", "ratio"));
      text.append("|---|---|---:|---:|---:|---:|\n");
      for (Metric metric : results.metrics(caseName)) {
        for (Results.Row row : results.rows(caseName, metric)) {
          text.append(
              line(
                  metric.id(),
                  row.peer(),
                  number(row.median()) + " " + metric.unit(),
                  number(row.min()) + " - " + number(row.max()),
                  String.valueOf(row.rounds()),
                  Double.isNaN(row.ratio())
                      ? ""
                      : String.format(Locale.ROOT, "%.2f", row.ratio())));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Returns a line for each peer or case that is missing in a table. */
  public String leftOut() {
    StringBuilder text = new StringBuilder();
    results
        .leftOut()
        .forEach((what, why) ->
            text.append("Left out: ").append(what).append(": ").append(why).append(".\n"));
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  /** Returns the table of targets; empty if the suite has none. */
  public String targets() {
    if (suite.targets().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("### " + suite.name() + ": targets\n\n");
    text.append("| target | limit | measured | |\n|---|---:|---:|---|\n");
    suite.targets().forEach(target -> text.append(target.row(results)).append('\n'));
    return text.append('\n').toString();
  }

  /** Returns the figures as JSON, one object in each line. */
  public String json() {
    StringBuilder text = new StringBuilder();
    for (String caseName : results.cases()) {
      for (Metric metric : results.metrics(caseName)) {
        for (Results.Row row : results.rows(caseName, metric)) {
          text.append(json(caseName, metric, row)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private String json(String caseName, Metric metric, Results.Row row) {
    List<String> fields =
        List.of(
            text("suite", suite.name()),
            text("case", caseName),
            text("peer", row.peer()),
            text("metric", metric.id()),
            text("unit", metric.unit()),
            figure("median", row.median()),
            figure("min", row.min()),
            figure("max", row.max()),
            "\"rounds\":" + row.rounds(),
            figure("ratio", row.ratio()));
    return "{" + String.join(",", fields) + "}";
  }

  private static String text(String name, String value) {
    return "\"" + name + "\":\"" + value + "\"";
  }

  private static String figure(String name, double value) {
    return "\""
        + name
        + "\":"
        + (Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null");
  }

  private static String line(
      String metric, String peer, String median, String range, String rounds, String ratio) {
    return String.format(
        Locale.ROOT,
        "| %-14s | %-22s | %16s | %21s | %6s | %6s |%n",
        metric,
        peer,
        median,
        range,
        rounds,
        ratio);
  }

  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
