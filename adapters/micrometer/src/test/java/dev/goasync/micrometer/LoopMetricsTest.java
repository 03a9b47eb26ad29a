package dev.goasync.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.sync.Channel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LoopMetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private double loops() {
    return registry.get("goasync.loops").gauge().value();
  }

  private boolean hasMeterOf(String loop) {
    return registry.find("goasync.loop.coroutines").tag("loop", loop).gauge() != null;
  }

  @Test
  void loopsThatStartLaterAreAddedAndThoseThatEndAreRemoved() {
    new LoopMetrics().bindTo(registry);
    EventLoop first = EventLoop.start("same name");
    EventLoop second = EventLoop.start("same name");
    assertThat(loops()).isGreaterThanOrEqualTo(2);
    assertThat(hasMeterOf("same name")).isTrue();
    assertThat(hasMeterOf("same name (2)")).isTrue();
    first.close();
    second.close();
    var _ = loops();
    assertThat(hasMeterOf("same name")).isFalse();
    assertThat(hasMeterOf("same name (2)")).isFalse();
  }

  @Test
  void aLoopThatStandsStillIsSeenAndDoesNotBlockTheScrape() throws Exception {
    try (EventLoop loop = EventLoop.start("stuck")) {
      Channel<String> channel = Channel.bounded(loop, 1);
      channel.send("value");
      new LoopMetrics().bindTo(registry);
      new ChannelMetrics("values", channel).bindTo(registry);
      Gauge buffered = registry.get("goasync.channel.buffered").gauge();
      assertThat(buffered.value()).isEqualTo(1);
      loop.goAsync(() -> {}).await(); // the first measurement of the lag is over

      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      loop.execute(() -> {
        begun.countDown();
        awaitQuietly(end);
      });
      begun.await();
      try {
        Gauge lag = registry.get("goasync.loop.lag").tag("loop", "stuck").gauge();
        var _ = lag.value(); // begins a measurement, which does not end
        double one = lag.value();
        double two = lag.value();
        assertThat(two).isGreaterThan(one);
        long start = System.nanoTime();
        while (System.nanoTime() - start
            < TimeUnit.MILLISECONDS.toNanos(300)) { // no value is fresh
          assertThat(buffered.value()).isEqualTo(1);
        }
      } finally {
        end.countDown();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      var _ = latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aClosedLoopLeavesNoValue() {
    EventLoop loop = EventLoop.start("closed");
    Channel<String> channel = Channel.bounded(loop, 1);
    loop.close();
    new ChannelMetrics("values", channel).bindTo(registry);
    assertThat(registry.get("goasync.channel.buffered").gauge().value()).isNaN();
  }
}
