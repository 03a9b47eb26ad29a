package dev.goasync.micrometer;

import dev.goasync.sync.Channel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Meters of a channel: its buffer, its waiting senders and receivers, the values so far.
 *
 * <pre>{@code
 * Channel<String> orders = Channel.bounded(100);
 * new ChannelMetrics("orders", orders).bindTo(registry);
 * }</pre>
 *
 * <p>The home loop of the channel computes the values. If it does not answer within 100
 * milliseconds, the meters have the last values. The registry keeps the channel reachable.
 */
public final class ChannelMetrics implements MeterBinder {
  private final Sample<Channel.Statistics> sample;
  private final Tags tags;

  /**
   * Meters of a channel.
   *
   * @param name the value of the tag {@code channel}
   */
  public ChannelMetrics(String name, Channel<?> channel) {
    this.sample = new Sample<>(Objects.requireNonNull(channel, "channel")::statistics);
    this.tags = Tags.of("channel", Objects.requireNonNull(name, "name"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "buffered", "Values in the buffer", s -> s.buffered());
    gauge(registry, "capacity", "Maximum of values in the buffer", s -> s.capacity());
    gauge(registry, "senders", "Senders that wait", s -> s.waitingSenders());
    gauge(registry, "receivers", "Receivers that wait", s -> s.waitingReceivers());
    counter(registry, "sent", "Values that were sent", s -> s.sent());
    counter(registry, "received", "Values that were received", s -> s.received());
    counter(registry, "suspensions", "Calls that had to wait", s -> s.suspensions());
  }

  private void gauge(
      MeterRegistry registry,
      String suffix,
      String description,
      ToDoubleFunction<Channel.Statistics> value) {
    Gauge.builder("goasync.channel." + suffix, sample, s -> s.read(value))
        .strongReference(true)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String suffix,
      String description,
      ToDoubleFunction<Channel.Statistics> value) {
    FunctionCounter.builder("goasync.channel." + suffix, sample, s -> s.read(value))
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
