package dev.goasync.sync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Timers on a virtual clock. */
@Timeout(60)
final class TimerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  private final TestLoop loop = TestLoop.open();
  private final List<String> events = new ArrayList<>();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }

  private void note(String event) {
    events.add(event + " at " + loop.elapsed().toSeconds());
  }

  private Task<?> noteWhenExpired(Timer timer) {
    Task<?> waiting =
        goAsync(() -> {
          timer.await();
          note("expired");
        });
    GoAsync.yield();
    return waiting;
  }

  @Test
  void aTimerExpiresAndStaysExpired() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(seconds(5));
      assertThat(timer.isReady()).isFalse();
      Task<?> one = noteWhenExpired(timer);
      Task<?> other = noteWhenExpired(timer);
      GoAsync.awaitAll(one, other);
      timer.await();
      assertThat(timer.isReady()).isTrue();
      assertThat(events).containsExactly("expired at 5", "expired at 5");
    });
  }

  @Test
  void aTimerWithoutWaitersKeepsNothingAlive() throws Exception {
    loop.run(() -> {
      assertThat(Timer.after(seconds(5)).isReady()).isFalse();
      assertThat(Timer.at(BEGINNING.plus(SECOND)).isReady()).isFalse();
    });
    assertThat(loop.elapsed()).isZero();
  }

  @Test
  void aResetToALaterTimeExtendsTheWait() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(seconds(5));
      Task<?> waiting = noteWhenExpired(timer);
      for (int i = 0; i < 4; i++) {
        sleep(seconds(3));
        timer.reset(seconds(5));
      }
      waiting.await();
      assertThat(events).containsExactly("expired at 17");
    });
  }

  @Test
  void aResetToAnEarlierTimeShortensTheWait() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(seconds(100));
      Task<?> waiting = noteWhenExpired(timer);
      sleep(SECOND);
      timer.reset(seconds(50));
      sleep(SECOND);
      timer.reset(SECOND);
      waiting.await();
      assertThat(events).containsExactly("expired at 3");
    });
  }

  @Test
  void aStoppedTimerDoesNotExpireUntilAReset() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(seconds(2));
      Task<?> waiting = noteWhenExpired(timer);
      sleep(SECOND);
      timer.stop();
      sleep(seconds(9));
      assertThat(timer.isReady()).isFalse();
      timer.reset(BEGINNING.plusSeconds(12));
      waiting.await();
      timer.stop();
      assertThat(timer.isReady()).isFalse();
      assertThat(events).containsExactly("expired at 12");
    });
  }

  @Test
  void anotherThreadCanResetATimer() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(SECOND);
      timer.stop();
      Task<?> waiting = noteWhenExpired(timer);
      Thread other = Thread.ofPlatform().start(() -> timer.reset(Duration.ZERO));
      waiting.await();
      GoAsync.offload(() -> other.join());
      assertThat(events).containsExactly("expired at 0");
    });
  }

  @Test
  void aPlainThreadCanWaitForATimer() {
    Timer timer = Timer.after(seconds(3600));
    timer.await();
    assertThat(loop.elapsed()).isEqualTo(seconds(3600));
    try (EventLoop real = EventLoop.start()) {
      Timer.after(real, Duration.ofNanos(1)).await();
      Timer.at(real, Instant.EPOCH).await();
    }
  }

  @Test
  void aTimerSetToAnInstantUsesTheWallClock() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.at(BEGINNING.plusSeconds(7));
      sleep(seconds(2));
      timer.await();
      assertThat(loop.elapsed()).isEqualTo(seconds(7));
      timer.reset(BEGINNING);
      assertThat(timer.isReady()).isTrue();
      timer.reset(Instant.MAX);
      assertThat(timer.isReady()).isFalse();
      timer.reset(Instant.MIN);
      assertThat(timer.isReady()).isTrue();
    });
  }

  @Test
  void aSelectWaitsForATimer() throws Exception {
    loop.run(() -> {
      Channel<String> silent = Channel.rendezvous();
      Timer timer = Timer.after(seconds(5));
      Select select =
          Select.first()
              .onReady(timer, () -> note("timer"))
              .onReceive(silent, value -> note(value))
              .after(seconds(8), () -> note("after"));
      select.run();
      select.run();
      timer.reset(seconds(10));
      select.run();
      timer.stop();
      Select.first().onReady(timer, () -> note("timer")).otherwise(() -> note("none")).run();
      assertThat(events).containsExactly("timer at 5", "timer at 5", "after at 13", "none at 13");
      assertThat(silent.statistics().waitingReceivers()).isZero();
    });
  }

  @Test
  void aCancelledWaitLeavesTheTimer() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(seconds(5));
      Task<?> waiting = noteWhenExpired(timer);
      waiting.cancel();
      assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> GoAsync.withTimeout(SECOND, () -> timer.await()))
          .isInstanceOf(DeadlineExceededException.class);
      timer.await();
      assertThat(loop.elapsed()).isEqualTo(seconds(5));
      assertThat(events).isEmpty();
    });
  }

  @Test
  void toStringShowsTheSetting() throws Exception {
    loop.run(() -> {
      Timer timer = Timer.after(SECOND);
      assertThat(timer).hasToString("timer for PT1S from now");
      timer.reset(BEGINNING);
      assertThat(timer).hasToString("timer for 2000-01-01T00:00:00Z");
      timer.stop();
      assertThat(timer).hasToString("timer, stopped");
      assertThatThrownBy(() -> timer.reset(SECOND.negated()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("delay is negative");
    });
  }
}
