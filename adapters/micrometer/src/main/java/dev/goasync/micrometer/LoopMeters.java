package dev.goasync.micrometer;

import dev.goasync.EventLoop;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of one loop in one registry. */
final class LoopMeters {
  private final EventLoop loop;
  private final String name;
  private final LoopProbe probe;
  private final List<Meter> meters = new ArrayList<>();

  LoopMeters(EventLoop loop, String name, MeterRegistry registry, Tags tags) {
    this.loop = loop;
    this.name = name;
    this.probe = new LoopProbe(loop);
    register(registry, tags);
  }

  /** The value of the tag {@code loop}. */
  String name() {
    return name;
  }

  private void register(MeterRegistry registry, Tags tags) {
    meters.add(
        gauge("coroutines", "Coroutines that have not ended", s -> s.coroutines())
            .tags(tags)
            .register(registry));
    meters.add(
        gauge("ready", "Coroutines and callbacks that are ready to run", s -> s.ready())
            .tags(tags)
            .register(registry));
    meters.add(
        gauge("timers", "Timers that are set", s -> s.timers()).tags(tags).register(registry));
    meters.add(
        gauge("operations", "Operations in flight", s -> s.inFlight())
            .tags(tags)
            .register(registry));
    meters.add(
        counter("started", "Coroutines that have started", s -> s.started())
            .tags(tags)
            .register(registry));
    meters.add(
        counter("failed", "Tasks that have failed", s -> s.failed()).tags(tags).register(registry));
    meters.add(
        counter("cancelled", "Tasks that were cancelled", s -> s.cancelled())
            .tags(tags)
            .register(registry));
    meters.add(counter("turns", "Turns of the loop", s -> s.turns()).tags(tags).register(registry));
    meters.add(
        counter("switches", "Switches to a coroutine or callback", s -> s.switches())
            .tags(tags)
            .register(registry));
    meters.add(
        FunctionCounter.builder("goasync.loop.cpu", probe, LoopProbe::cpuSeconds)
            .description("Processor time of the loop's thread")
            .baseUnit("seconds")
            .tags(tags)
            .register(registry));
    meters.add(
        TimeGauge.builder("goasync.loop.lag", probe, TimeUnit.NANOSECONDS, LoopProbe::lagNanos)
            .description("Time until the loop ran a callback")
            .tags(tags)
            .register(registry));
  }

  private Gauge.Builder<EventLoop> gauge(
      String suffix, String description, ToDoubleFunction<EventLoop.Statistics> value) {
    return Gauge.builder("goasync.loop." + suffix, loop, l -> value.applyAsDouble(l.statistics()))
        .description(description);
  }

  private FunctionCounter.Builder<EventLoop> counter(
      String suffix, String description, ToDoubleFunction<EventLoop.Statistics> value) {
    return FunctionCounter.builder(
            "goasync.loop." + suffix, loop, l -> value.applyAsDouble(l.statistics()))
        .description(description);
  }

  void removeFrom(MeterRegistry registry) {
    meters.forEach(registry::remove);
  }
}
