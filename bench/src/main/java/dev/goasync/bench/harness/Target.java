package dev.goasync.bench.harness;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A target, and whether it is met.
 *
 * @param promise the target in words
 * @param bound the limit
 * @param isLeast whether the limit is a minimum; otherwise a maximum
 * @param measured the value, if the run measured it
 */
public record Target(
    String promise, double bound, boolean isLeast, Function<Results, OptionalDouble> measured) {

  /** That a value is at most {@code most}. */
  public static Target atMost(
      String promise, double most, Function<Results, OptionalDouble> measured) {
    return new Target(promise, most, false, measured);
  }

  /** That a figure of one peer is at most {@code most}. */
  public static Target figure(
      String promise, double most, String caseName, String peer, Metric metric) {
    return atMost(promise, most, results -> results.median(caseName, peer, metric));
  }

  /** That the library's figure is at most {@code most} times that of {@code peer}. */
  public static Target ratio(
      String promise, double most, String caseName, String peer, Metric metric) {
    return ratio(promise, most, caseName, Results.US, peer, metric);
  }

  /** The same of the library in another form, such as on another backend. */
  public static Target ratio(
      String promise, double most, String caseName, String us, String peer, Metric metric) {
    return atMost(
        promise,
        most,
        results ->
            quotient(results.median(caseName, us, metric), results.median(caseName, peer, metric)));
  }

  /** That the library's figure is at most {@code most} times the least of several peers'. */
  public static Target ratioToLeast(
      String promise, double most, String caseName, List<String> peers, Metric metric) {
    return atMost(
        promise,
        most,
        results ->
            quotient(
                results.median(caseName, Results.US, metric),
                results.leastMedian(caseName, peers, metric)));
  }

  /** That the library does at least {@code least} times as many operations a second. */
  public static Target rate(String promise, double least, String caseName, String peer) {
    return rate(promise, least, caseName, Results.US, peer, Metric.OPS_PER_S);
  }

  /** The same of the library in another form, and by another metric of rate. */
  public static Target rate(
      String promise, double least, String caseName, String us, String peer, Metric metric) {
    return new Target(
        promise,
        least,
        true,
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
    String limit = (isLeast ? "at least " : "at most ") + number(bound);
    if (value.isEmpty()) {
      return "| " + promise + " | " + limit + " | not measured | |";
    }
    double is = value.getAsDouble();
    String verdict = (isLeast ? is >= bound : is <= bound) ? "met" : "**not met**";
    return "| " + promise + " | " + limit + " | " + number(is) + " | " + verdict + " |";
  }

  private static String number(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
