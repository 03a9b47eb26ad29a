package dev.goasync.sync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tickers on a virtual clock. */
@Timeout(60)
final class TickerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestLoop loop = TestLoop.open();

  /** For each tick: the number of periods it stands for, and when it was taken, in milliseconds. */
  private final List<String> ticks = new ArrayList<>();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private void take(Ticker ticker) {
    long periods = ticker.await();
    ticks.add(periods + " at " + loop.elapsed().toMillis());
  }

  @Test
  void ticksDoNotDrift() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(SECOND);
      for (int i = 0; i < 4; i++) {
        take(ticker);
        sleep(Duration.ofMillis(300));
      }
      assertThat(ticks).containsExactly("1 at 1000", "1 at 2000", "1 at 3000", "1 at 4000");
    });
  }

  /** Takes a tick, is busy for some time, and takes four more. */
  private void missTicks(MissedTicks missed) throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(SECOND, missed);
      take(ticker);
      sleep(Duration.ofMillis(2500));
      for (int i = 0; i < 4; i++) {
        take(ticker);
      }
    });
  }

  @Test
  void missedTicksAreSkipped() throws Exception {
    missTicks(MissedTicks.SKIP);
    assertThat(ticks)
        .containsExactly("1 at 1000", "2 at 3500", "1 at 4000", "1 at 5000", "1 at 6000");
  }

  @Test
  void missedTicksAreDeliveredInABurst() throws Exception {
    missTicks(MissedTicks.BURST);
    assertThat(ticks)
        .containsExactly("1 at 1000", "1 at 3500", "1 at 3500", "1 at 4000", "1 at 5000");
  }

  @Test
  void missedTicksShiftTheSchedule() throws Exception {
    missTicks(MissedTicks.DELAY);
    assertThat(ticks)
        .containsExactly("1 at 1000", "1 at 3500", "1 at 4500", "1 at 5500", "1 at 6500");
  }

  @Test
  void aBurstLetsOtherCoroutinesRunAndCanBeCancelled() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(Duration.ofNanos(1), MissedTicks.BURST);
      sleep(SECOND);
      int[] taken = new int[1];
      Task<?> flooded =
          goAsync(() -> {
            for (; taken[0] < 1000; taken[0]++) {
              ticker.await();
            }
          });
      GoAsync.yield();
      GoAsync.yield();
      assertThat(taken[0]).isBetween(1, 999);
      flooded.cancel();
      assertThatThrownBy(flooded::await).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aResetRestartsTheSchedule() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(SECOND);
      sleep(Duration.ofMillis(900));
      ticker.reset();
      take(ticker);
      sleep(Duration.ofMillis(1500));
      ticker.reset(Duration.ofMillis(100));
      take(ticker);
      take(ticker);
      assertThat(ticks).containsExactly("1 at 1900", "1 at 3500", "1 at 3600");
    });
  }

  @Test
  void aResetMovesTheTickOfAWaitingCaller() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(Duration.ofDays(1));
      Task<?> waiting = goAsync(() -> take(ticker));
      GoAsync.yield();
      ticker.reset(SECOND);
      waiting.await();
      assertThat(ticks).containsExactly("1 at 1000");
    });
  }

  @Test
  void eachTickGoesToOneCaller() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(SECOND);
      Task<?> one = goAsync(() -> take(ticker));
      Task<?> other = goAsync(() -> take(ticker));
      GoAsync.awaitAll(one, other);
      assertThat(ticks).containsExactly("1 at 1000", "1 at 2000");
    });
  }

  @Test
  void aCancelledWaitTakesNoTick() throws Exception {
    loop.run(() -> {
      Ticker ticker = Ticker.every(SECOND, MissedTicks.BURST);
      Task<?> waiting = goAsync(() -> take(ticker));
      GoAsync.yield();
      waiting.cancel();
      assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
      take(ticker);
      assertThat(ticks).containsExactly("1 at 1000");
    });
  }

  @Test
  void aSelectWaitsForTicks() throws Exception {
    loop.run(() -> {
      Channel<String> lines = Channel.rendezvous();
      Ticker ticker = Ticker.every(SECOND);
      goAsync(() -> {
        sleep(Duration.ofMillis(1500));
        lines.send("line at 1500");
      });
      Select select =
          Select.first().onReady(ticker.due(), () -> take(ticker)).onReceive(lines, ticks::add);
      for (int i = 0; i < 3; i++) {
        select.run();
      }
      assertThat(ticks).containsExactly("1 at 1000", "line at 1500", "1 at 2000");
      assertThat(lines.statistics().waitingReceivers()).isZero();
    });
  }

  @Test
  void aPlainThreadTakesTicks() {
    Ticker ticker = Ticker.every(SECOND);
    take(ticker);
    take(ticker);
    assertThat(ticks).containsExactly("1 at 1000", "1 at 2000");
  }

  @Test
  void aPeriodThatIsNotPositiveThrows() {
    assertThatThrownBy(() -> Ticker.every(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("period must be positive: PT0S");
    assertThatThrownBy(() -> Ticker.every(SECOND.negated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("period is negative");
    assertThatThrownBy(() -> Ticker.every(SECOND).reset(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Ticker.every(SECOND)).hasToString("ticker of PT1S");
  }
}
