package dev.goasync.micrometer;

import dev.goasync.sync.WaitStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Meters of a primitive of {@code dev.goasync.sync}, such as a semaphore or a lock: how many
 * callers wait for it now and have waited so far.
 *
 * <pre>{@code
 * Semaphore permits = new Semaphore(10);
 * new WaitMetrics("database", permits::statistics).bindTo(registry);
 * }</pre>
 *
 * <p>The home loop of the primitive computes the values. If it does not answer within 100
 * milliseconds, the meters have the last values. The registry keeps the primitive reachable.
 */
public final class WaitMetrics implements MeterBinder {
  private final Sample<WaitStatistics> sample;
  private final Tags tags;

  /**
   * Meters of a primitive.
   *
   * @param name the value of the tag {@code primitive}
   * @param statistics the method {@code statistics} of the primitive
   */
  public WaitMetrics(String name, Supplier<? extends WaitStatistics> statistics) {
    this.sample = new Sample<>(Objects.requireNonNull(statistics, "statistics"));
    this.tags = Tags.of("primitive", Objects.requireNonNull(name, "name"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("goasync.sync.waiting", sample, s -> s.read(WaitStatistics::waiting))
        .strongReference(true)
        .description("Callers that wait")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder(
            "goasync.sync.suspensions", sample, s -> s.read(WaitStatistics::suspensions))
        .description("Calls that had to wait")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder(
            "goasync.sync.remote.calls", sample, s -> s.read(WaitStatistics::remoteCalls))
        .description("Calls from outside the home loop")
        .tags(tags)
        .register(registry);
  }
}
