package dev.goasync.micrometer;

import dev.goasync.EventLoop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Meters of all event loops: coroutines, turns, timers, operations in flight, processor time, lag.
 *
 * <pre>{@code
 * new LoopMetrics().bindTo(registry);
 * }</pre>
 *
 * <p>Each loop has the tag {@code loop} with its name, and a number if several loops have that
 * name. A read of the gauge {@code goasync.loops} adds the loops that have started and removes
 * those that have ended, so a new loop appears one scrape later at the most.
 *
 * <p><b>Cost.</b> The meters read counters that the loops keep anyway. Each scrape also runs one
 * callback on each loop, which measures the lag.
 */
public final class LoopMetrics implements MeterBinder {
  private final Tags tags;

  /** Meters without further tags. */
  public LoopMetrics() {
    this(Tags.empty());
  }

  /** Meters with further tags. */
  public LoopMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    var loops = new Loops(registry, tags);
    Gauge.builder("goasync.loops", loops, Loops::refresh)
        .strongReference(true)
        .description("Event loops that have not ended")
        .tags(tags)
        .register(registry);
    var _ = loops.refresh();
  }

  /** The loops that have meters in one registry. */
  private static final class Loops {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<EventLoop, LoopMeters> known = new HashMap<>(); // guarded by this

    Loops(MeterRegistry registry, Tags tags) {
      this.registry = registry;
      this.tags = tags;
    }

    /** Adds and removes meters; returns the number of loops. */
    synchronized int refresh() {
      Set<EventLoop> running = Set.copyOf(EventLoop.all());
      known
          .entrySet()
          .removeIf(entry -> {
            boolean hasEnded = !running.contains(entry.getKey());
            if (hasEnded) {
              entry.getValue().removeFrom(registry);
            }
            return hasEnded;
          });
      for (EventLoop loop : running) {
        if (!known.containsKey(loop)) {
          String name = unusedName(loop.name());
          known.put(loop, new LoopMeters(loop, name, registry, tags.and("loop", name)));
        }
      }
      return running.size();
    }

    private String unusedName(String name) {
      Set<String> used = new HashSet<>();
      known.values().forEach(meters -> used.add(meters.name()));
      String unused = name;
      for (int i = 2; used.contains(unused); i++) {
        unused = name + " (" + i + ")";
      }
      return unused;
    }
  }
}
