package dev.goasync.bench.harness;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A promise, and how far it is kept.
 *
 * @param promise in words
 * @param most the largest value that keeps it
 * @param measured the value, if the run tells
 */
public record Target(String promise, double most, Function<Results, OptionalDouble> measured) {

  /** That a figure of one peer is at most {@code most}. */
  public static Target figure(
      String promise, double most, String caseName, String peer, Metric metric) {
    return new Target(promise, most, results -> results.median(caseName, peer, metric));
  }

  /** That the library's figure is at most {@code most} times that of {@code peer}. */
  public static Target ratio(
      String promise, double most, String caseName, String peer, Metric metric) {
    return ratio(promise, most, caseName, Results.US, peer, metric);
  }

  /** The same of the library in another form, such as on another backend. */
  public static Target ratio(
      String promise, double most, String caseName, String us, String peer, Metric metric) {
    return new Target(
        promise,
        most,
        results ->
            quotient(results.median(caseName, us, metric), results.median(caseName, peer, metric)));
  }

  static OptionalDouble quotient(OptionalDouble above, OptionalDouble below) {
    return above.isPresent() && below.isPresent() && below.getAsDouble() > 0
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  /** A row of the table of targets. */
  public String row(Results results) {
    OptionalDouble value = measured.apply(results);
    if (value.isEmpty()) {
      return String.format(Locale.ROOT, "| %s | %s | not measured | |", promise, number(most));
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s |",
        promise,
        number(most),
        number(value.getAsDouble()),
        value.getAsDouble() <= most ? "met" : "**not met**");
  }

  private static String number(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
