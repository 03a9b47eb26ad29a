package dev.goasync.bench.harness;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A target of the library, and whether the measured value meets it.
 *
 * @param promise the target in words
 * @param bound the limit, a value that still meets the target
 * @param isLeast whether the limit is a minimum, not a maximum
 * @param measured the value, if the run measured it
 */
public record Target(
    String promise, double bound, boolean isLeast, Function<Results, OptionalDouble> measured) {

  /** The target that a value is at most {@code max}. */
  public static Target atMost(
      String promise, double max, Function<Results, OptionalDouble> measured) {
    return new Target(promise, max, false, measured);
  }

  /** The target that a figure of one peer is at most {@code max}. */
  public static Target figure(
      String promise, double max, String caseName, String peer, Metric metric) {
    return atMost(promise, max, results -> results.median(caseName, peer, metric));
  }

  /** The target that the library's figure is at most {@code max} times that of {@code peer}. */
  public static Target ratio(
      String promise, double max, String caseName, String peer, Metric metric) {
    return ratio(promise, max, caseName, Results.US, peer, metric);
  }

  /** The same for a variant of the library, such as one on another backend. */
  public static Target ratio(
      String promise, double max, String caseName, String us, String peer, Metric metric) {
    return atMost(
        promise,
        max,
        results ->
            quotient(results.median(caseName, us, metric), results.median(caseName, peer, metric)));
  }

  /**
   * The target that the library's figure is at most {@code max} times the least of several peers.
   */
  public static Target ratioToLeast(
      String promise, double max, String caseName, List<String> peers, Metric metric) {
    return atMost(
        promise,
        max,
        results ->
            quotient(
                results.median(caseName, Results.US, metric),
                results.leastMedian(caseName, peers, metric)));
  }

  /** The target that the library does at least {@code min} times as many operations a second. */
  public static Target rate(String promise, double min, String caseName, String peer) {
    return rate(promise, min, caseName, Results.US, peer, Metric.OPS_PER_S);
  }

  /** The same for a variant of the library, and with another metric of rate. */
  public static Target rate(
      String promise, double min, String caseName, String us, String peer, Metric metric) {
    return new Target(
        promise,
        min,
        true,
        results ->
            quotient(results.median(caseName, us, metric), results.median(caseName, peer, metric)));
  }

  static OptionalDouble quotient(OptionalDouble above, OptionalDouble below) {
    return above.isPresent() && below.isPresent() && below.getAsDouble() > 0
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Returns a row of the table of targets. */
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
