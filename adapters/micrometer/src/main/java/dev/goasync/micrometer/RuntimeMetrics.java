package dev.goasync.micrometer;

import dev.goasync.RuntimeStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Meters of what belongs to no loop: the thread pools, TLS handshakes, child processes, long turns.
 *
 * <pre>{@code
 * new RuntimeMetrics().bindTo(registry);
 * }</pre>
 */
public final class RuntimeMetrics implements MeterBinder {
  /** Meters need an object to read; the counters are static. */
  private static final Object STATIC = new Object();

  private final Tags tags;

  /** Meters without further tags. */
  public RuntimeMetrics() {
    this(Tags.empty());
  }

  /** Meters with further tags. */
  public RuntimeMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindPool(registry, tags.and("pool", "offload"), RuntimeStatistics::offload);
    bindPool(registry, tags.and("pool", "files"), RuntimeStatistics::files);
    FunctionTimer.builder(
            "goasync.tls.handshakes",
            STATIC,
            _ -> RuntimeStatistics.now().handshakes(),
            _ -> RuntimeStatistics.now().handshakeTime().toNanos(),
            TimeUnit.NANOSECONDS)
        .description("TLS handshakes that have succeeded")
        .tags(tags)
        .register(registry);
    counter("tls.handshakes.failed", "TLS handshakes that failed", s -> s.failedHandshakes())
        .tags(tags)
        .register(registry);
    counter("processes.started", "Child processes that were started", s -> s.processesStarted())
        .tags(tags)
        .register(registry);
    gauge("processes.open", "Child processes that are not closed", s -> s.processesOpen())
        .tags(tags)
        .register(registry);
    counter("turns.long", "Turns that exceeded goasync.longTurnMillis", s -> s.longTurns())
        .tags(tags)
        .register(registry);
    TimeGauge.builder(
            "goasync.turns.longest",
            STATIC,
            TimeUnit.NANOSECONDS,
            _ -> RuntimeStatistics.now().longestTurn().toNanos())
        .description("The longest turn that exceeded goasync.longTurnMillis")
        .tags(tags)
        .register(registry);
  }

  private static void bindPool(
      MeterRegistry registry, Tags tags, Function<RuntimeStatistics, RuntimeStatistics.Pool> pool) {
    gauge("pool.threads", "Threads of the pool", s -> pool.apply(s).threads())
        .tags(tags)
        .register(registry);
    gauge("pool.threads.max", "Maximum of threads", s -> pool.apply(s).maxThreads())
        .tags(tags)
        .register(registry);
    gauge("pool.busy", "Threads that run a call", s -> pool.apply(s).busy())
        .tags(tags)
        .register(registry);
    gauge("pool.queued", "Calls that wait for a thread", s -> pool.apply(s).queued())
        .tags(tags)
        .register(registry);
    counter("pool.completed", "Calls that have ended", s -> pool.apply(s).completed())
        .tags(tags)
        .register(registry);
  }

  private static Gauge.Builder<Object> gauge(
      String suffix, String description, ToDoubleFunction<RuntimeStatistics> value) {
    return Gauge.builder(
            "goasync." + suffix, STATIC, _ -> value.applyAsDouble(RuntimeStatistics.now()))
        .description(description);
  }

  private static FunctionCounter.Builder<Object> counter(
      String suffix, String description, ToDoubleFunction<RuntimeStatistics> value) {
    return FunctionCounter.builder(
            "goasync." + suffix, STATIC, _ -> value.applyAsDouble(RuntimeStatistics.now()))
        .description(description);
  }
}
