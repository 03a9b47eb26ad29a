package dev.goasync.bench.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The figures of one suite in all rounds. */
public final class Results {
  /** The peer that all peers are compared with. */
  public static final String US = "goasync";

  /** The key of a list of figures. */
  record Key(String caseName, Metric metric, String peer) {}

  /** The summary of a peer's figures in one case. */
  record Row(String peer, double median, double min, double max, int rounds, double ratio) {}

  private final Map<Key, List<Double>> figures = new LinkedHashMap<>();

  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private boolean failed;

  /** Records that a peer or a trial is not measured, and the reason. */
  void leaveOut(String what, String why) {
    leftOut.put(what, why);
  }

  boolean isLeftOut(String what) {
    return leftOut.containsKey(what);
  }

  /** Returns what was not measured, with the reasons. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  void fail() {
    failed = true;
  }

  /** Returns whether a peer failed; a missing peer has not failed. */
  public boolean hasFailed() {
    return failed;
  }

  /** Adds the figures of a peer in one round. */
  public void add(String peer, List<Measurement> measured) {
    for (Measurement each : measured) {
      figures
          .computeIfAbsent(new Key(each.caseName(), each.metric(), peer), _ -> new ArrayList<>())
          .add(each.value());
    }
  }

  /** Returns the median of a peer. */
  public OptionalDouble median(String caseName, String peer, Metric metric) {
    List<Double> all = figures.get(new Key(caseName, metric, peer));
    return all == null ? OptionalDouble.empty() : OptionalDouble.of(median(all));
  }

  /** Returns the least median of several peers, ignoring peers without figures. */
  OptionalDouble leastMedian(String caseName, List<String> peers, Metric metric) {
    return peers.stream().flatMapToDouble(peer -> median(caseName, peer, metric).stream()).min();
  }

  boolean isEmpty() {
    return figures.isEmpty();
  }

  /** Returns the cases in the order in which they were first measured. */
  List<String> cases() {
    return figures.keySet().stream().map(Key::caseName).distinct().toList();
  }

  /** Returns the metrics of a case, in the order of their declaration. */
  List<Metric> metrics(String caseName) {
    return keys(caseName).map(Key::metric).distinct().sorted().toList();
  }

  /** Returns the rows of one table; the row of goasync is the first. */
  List<Row> rows(String caseName, Metric metric) {
    OptionalDouble ours = median(caseName, US, metric);
    return keys(caseName)
        .filter(key -> key.metric() == metric)
        .map(key -> row(key, ours))
        .sorted((a, b) -> Boolean.compare(b.peer().equals(US), a.peer().equals(US)))
        .toList();
  }

  private Stream<Key> keys(String caseName) {
    return figures.keySet().stream().filter(key -> key.caseName().equals(caseName));
  }

  private Row row(Key key, OptionalDouble ours) {
    List<Double> all = figures.getOrDefault(key, List.of());
    double median = median(all);
    double ratio =
        ours.isPresent() && ours.getAsDouble() > 0 ? median / ours.getAsDouble() : Double.NaN;
    return new Row(
        key.peer(), median, Collections.min(all), Collections.max(all), all.size(), ratio);
  }

  private static double median(List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
