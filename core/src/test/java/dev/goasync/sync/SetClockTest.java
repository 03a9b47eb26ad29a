package dev.goasync.sync;

import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The wall clock is set while a timer waits for it. */
@Timeout(60)
final class SetClockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** A clock that jumps, as a test loop's does, and that can be set. */
  private static final class SettableTime implements TimeSource {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private long elapsed;
    private Duration error = Duration.ZERO;

    @Override
    public long nanoTime() {
      return elapsed;
    }

    @Override
    public Instant instant() {
      return EPOCH.plusNanos(elapsed).plus(error);
    }

    @Override
    public long wallClockTrustNanos() {
      return TimeSource.SYSTEM.wallClockTrustNanos();
    }

    @Override
    public boolean jumpTo(long nanoTime) {
      elapsed = Math.max(elapsed, nanoTime);
      return true;
    }
  }

  private final SettableTime clock = new SettableTime();
  private final Loop loop = Loop.onCurrentThread(clock, Backends.lazyPollerFactory());
  private final EventLoop publicLoop = EventLoop.onCurrentThread();

  @AfterEach
  void close() {
    publicLoop.close();
  }

  /** When a timer of an hour expires, if the clock is set by {@code error} after ten seconds. */
  private Duration expiryIfClockIsSetBy(Duration error) {
    publicLoop.goAsync(() -> {
      sleep(Duration.ofSeconds(10));
      clock.error = error;
    });
    publicLoop.goAsync(() -> Timer.at(clock.instant().plus(HOUR)).await()).await();
    return Duration.ofNanos(clock.elapsed);
  }

  @Test
  void aTimerExpiresEarlierIfTheClockIsSetForward() {
    assertThat(expiryIfClockIsSetBy(HOUR))
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
  }

  @Test
  void aTimerExpiresLaterIfTheClockIsSetBack() {
    assertThat(expiryIfClockIsSetBy(HOUR.negated())).isEqualTo(HOUR.multipliedBy(2));
  }

  @Test
  void aTimerWithADelayDoesNotPollTheWallClock() {
    long turns = loop.turns();
    publicLoop.goAsync(() -> Timer.after(HOUR).await()).await();
    assertThat(loop.turns() - turns).isLessThan(20);
    assertThat(clock.elapsed).isEqualTo(TimeUnit.HOURS.toNanos(1));
  }
}
