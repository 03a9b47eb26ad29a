package dev.goasync.internal.inspect;

import dev.goasync.inspect.DumpOptions;
import dev.goasync.inspect.OpenResources;
import dev.goasync.inspect.TaskGroup;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.util.UnclosedResource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Finds counts that only grow: of the files, sockets and pipes that are open, and of each loop's
 * operations in flight. A count goes up and down with the load, but the smallest count of a window
 * does so less: a count is reported when the minima of so many windows in a row have each been
 * larger than the one before. The report names the place whose part has grown most since the first
 * of these windows. Used by one thread.
 */
final class GrowthDetector implements Detector {
  /** The fewest windows in a row: the first one is what the last one is compared with. */
  static final int MIN_LIMIT = 2;

  /** The samples of a window. */
  static final int SAMPLES = 10;

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final String RESOURCES = "files, sockets and pipes";

  /** The windows of one count. */
  private static final class Trend {
    private int samples;
    private long minimum = Long.MAX_VALUE;
    private long lastMinimum = Long.MAX_VALUE;
    private int rises;
    private long first;
    private Map<String, Integer> partsAtFirst = Map.of();

    /** Adds a sample; returns whether it has ended a window whose minimum has risen. */
    boolean add(long count) {
      minimum = Math.min(minimum, count);
      if (++samples < SAMPLES) {
        return false;
      }
      boolean rose = minimum > lastMinimum;
      rises = rose ? rises + 1 : 0;
      if (rises == 1) {
        first = lastMinimum;
      }
      lastMinimum = minimum;
      minimum = Long.MAX_VALUE;
      samples = 0;
      return rose;
    }
  }

  private final int limit;
  private final Map<Object, Trend> trends = new HashMap<>();

  /**
   * @param limit how many times in a row the minimum of a window rises
   */
  GrowthDetector(int limit) {
    this.limit = Math.max(MIN_LIMIT, limit);
  }

  @Override
  public long intervalNanos() {
    return INTERVAL_NANOS;
  }

  @Override
  public void sample(Iterable<Loop> loops, long now) {
    Map<Object, Trend> before = new HashMap<>(trends);
    trends.clear();
    trends.put(RESOURCES, before.getOrDefault(RESOURCES, new Trend()));
    add(RESOURCES, "open " + RESOURCES, UnclosedResource.count(), GrowthDetector::openings, now);
    for (Loop loop : loops) {
      trends.put(loop, before.getOrDefault(loop, new Trend()));
      String name = "operations in flight of loop " + loop.name();
      add(loop, name, Inspection.totalsOf(loop).inFlight(), () -> waits(loop), now);
    }
  }

  private void add(
      Object key, String name, long count, Supplier<Map<String, Integer>> parts, long now) {
    Trend trend = trends.get(key);
    if (trend == null || !trend.add(count)) {
      return;
    }
    if (trend.rises == 1) {
      trend.partsAtFirst = parts.get();
    } else if (trend.rises >= limit) {
      Map<String, Integer> current = parts.get();
      report(name, trend, current, now);
      trend.rises = 1;
      trend.first = trend.lastMinimum;
      trend.partsAtFirst = current;
    }
  }

  private static void report(String name, Trend trend, Map<String, Integer> parts, long now) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(INTERVAL_NANOS) * SAMPLES * trend.rises;
    String most = "";
    int mostGrown = 0;
    for (var part : parts.entrySet()) {
      int grown = part.getValue() - trend.partsAtFirst.getOrDefault(part.getKey(), 0);
      if (grown > mostGrown) {
        mostGrown = grown;
        most = part.getKey();
      }
    }
    String sentence =
        name
            + " have grown without a pause for "
            + seconds
            + " s, from "
            + trend.first
            + " to "
            + trend.lastMinimum
            + (most.isEmpty() ? "" : "; most of them " + most + ", " + mostGrown + " more");
    Detected.report("growth", most.isEmpty() ? name : most, sentence, "", now);
  }

  private static Map<String, Integer> openings() {
    Map<String, Integer> parts = new HashMap<>();
    for (OpenResources open : Dumper.openResources()) {
      parts.put("were opened at " + open.place(), open.count());
    }
    return parts;
  }

  private static Map<String, Integer> waits(Loop loop) {
    DumpOptions options = DumpOptions.standard().withMaxTasks(0).withPatience(PATIENCE);
    LoopCapture capture = new LoopCapture(loop, options, new WaitGraph());
    capture.read();
    Map<String, Integer> parts = new HashMap<>();
    for (TaskGroup group : capture.toDump().groups()) {
      if (group.waitsFor() != null) {
        String start = group.start() == null ? "" : " of tasks started at " + group.start();
        parts.merge("are waits for " + group.waitsFor() + start, group.count(), Integer::sum);
      }
    }
    return parts;
  }
}
