package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.process.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that another main loop drives, turn by turn. */
@Timeout(60)
final class RunOnceTest {
  private static final Duration LONG = Duration.ofSeconds(Long.MAX_VALUE);

  private final EventLoop loop = EventLoop.onCurrentThread();

  @AfterEach
  void close() {
    loop.closeNow();
  }

  @Test
  void runsReadyCoroutinesWithoutWaiting() {
    List<String> events = new ArrayList<>();
    loop.goAsync(() -> {
      events.add("first turn");
      GoAsync.yield();
      events.add("ended");
    });
    assertThat(events).isEmpty();
    while (loop.runOnce(LONG)) {
      events.add("between");
    }
    assertThat(events).startsWith("first turn").endsWith("ended");
    assertThat(loop.runOnce(Duration.ZERO)).isFalse();
  }

  @Test
  void waitsForATimer() {
    Task<?> sleeper = loop.goAsync(() -> GoAsync.sleep(Duration.ofMillis(1)));
    while (loop.runOnce(LONG)) {
      assertThat(sleeper.isCompleted()).isFalse();
    }
    assertThat(sleeper.isCompleted()).isTrue();
  }

  @Test
  void returnsAtTheTimeoutWithCoroutinesLeft() {
    loop.goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
    assertThat(loop.runOnce(Duration.ofMillis(1))).isTrue();
    assertThat(loop.runOnce(Duration.ZERO)).isTrue();
  }

  @Test
  void waitsForInputAndOutput() {
    Task<String> task = loop.goAsync(() -> Command.of("echo", "driven").run().output());
    while (loop.runOnce(LONG)) {
      assertThat(GoAsync.inCoroutine()).isFalse();
    }
    assertThat(task.await()).isEqualTo("driven\n");
  }

  @Test
  void workOfAnotherThreadEndsTheWait() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    loop.goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
    loop.runOnce(Duration.ZERO);
    Thread other = Thread.ofPlatform().start(() -> loop.goAsync(ran::countDown));
    while (ran.getCount() > 0) {
      loop.runOnce(LONG);
    }
    other.join();
  }

  @Test
  void wrongCallsAreRefused() {
    assertThatThrownBy(() -> loop.runOnce(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout is negative: PT-1S");
    Task<?> inside =
        loop.goAsync(() ->
            assertThatThrownBy(() -> loop.runOnce(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class));
    loop.runOnce(Duration.ZERO);
    inside.await();
    try (EventLoop own = EventLoop.start()) {
      assertThatThrownBy(() -> own.runOnce(Duration.ZERO))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith(
              "has its own thread; call runOnce() on a loop of onCurrentThread() only");
    }
  }
}
