package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What adapters of other frameworks use: calls on the loop without a coroutine. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class EventLoopForAdaptersTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void executesOnTheLoopsThreadWithoutACoroutine() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    try (EventLoop loop = EventLoop.start("adapter")) {
      loop.execute(() ->
          seen.complete(
              Thread.currentThread().getName()
                  + " "
                  + GoAsync.inCoroutine()
                  + " "
                  + loop.isCurrent()));
      assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("adapter false true");
      assertThat(loop.isCurrent()).isFalse();
      assertThat(loop.goAsync(loop::isCurrent).await()).isTrue();
    }
  }

  @Test
  void schedulesByTheLoopsClockInOrder() throws Exception {
    List<String> ran = new ArrayList<>();
    try (TestLoop test = TestLoop.open()) {
      test.run(() -> {
        EventLoop loop = EventLoop.currentOrDefault();
        long start = loop.nanoTime();
        loop.schedule(HOUR.multipliedBy(2), () -> ran.add("second"));
        loop.schedule(HOUR, () -> ran.add("first"));
        loop.schedule(Duration.ofSeconds(-1), () -> ran.add("at once"));
        EventLoop.Scheduled never =
            loop.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));
        GoAsync.sleep(HOUR.multipliedBy(3));
        assertThat(loop.nanoTime() - start).isEqualTo(HOUR.multipliedBy(3).toNanos());
        assertThat(never.cancel()).isTrue();
      });
    }
    assertThat(ran).containsExactly("at once", "first", "second");
  }

  @Test
  void aCancelledTaskDoesNotRunAndOneThatRanCannotBeCancelled() throws Exception {
    List<String> ran = new ArrayList<>();
    try (TestLoop test = TestLoop.open()) {
      test.run(() -> {
        EventLoop loop = EventLoop.currentOrDefault();
        EventLoop.Scheduled cancelled = loop.schedule(HOUR, () -> ran.add("cancelled"));
        EventLoop.Scheduled run = loop.schedule(HOUR, () -> ran.add("run"));
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        GoAsync.sleep(HOUR.multipliedBy(2));
        assertThat(run.cancel()).isFalse();
      });
    }
    assertThat(ran).containsExactly("run");
  }

  @Test
  void aClosedLoopRefuses() {
    EventLoop loop = EventLoop.start();
    loop.close();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> loop.schedule(HOUR, () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
