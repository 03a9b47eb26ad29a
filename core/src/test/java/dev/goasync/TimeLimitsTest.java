package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.shielded;
import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.withDeadline;
import static dev.goasync.GoAsync.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class TimeLimitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final List<String> log = new ArrayList<>();
  private TestLoop loop;

  @BeforeEach
  void open() {
    loop = TestLoop.open();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void workInTimeReturnsItsResult() throws Exception {
    loop.run(() -> assertThat(withTimeout(SECOND, () -> "in time")).isEqualTo("in time"));
  }

  @Test
  void theExceptionNamesThePlaceAndTheTime() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() -> withTimeout(SECOND, () -> sleep(MINUTE)))
            .isInstanceOf(DeadlineExceededException.class)
            .hasMessageContaining("TimeLimitsTest.java")
            .hasMessageContaining("PT1S"));
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void theTightestLimitWinsWhicheverIsInside() throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() -> withTimeout(SECOND, () -> withTimeout(MINUTE, () -> sleep(MINUTE))))
          .hasMessageContaining("PT1S");
      assertThatThrownBy(() -> withTimeout(MINUTE, () -> withTimeout(SECOND, () -> sleep(MINUTE))))
          .hasMessageContaining("PT1S");
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND.multipliedBy(2));
  }

  @Test
  void afterALimitTheCoroutineContinues() throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() -> withTimeout(SECOND, () -> sleep(MINUTE)))
          .isInstanceOf(DeadlineExceededException.class);
      sleep(SECOND);
    });
  }

  @Test
  void aDeadlineIsOfTheLoopsClock() throws Exception {
    loop.run(() -> {
      Instant soon = Instant.parse("2000-01-01T00:00:05Z");
      assertThatThrownBy(() -> withDeadline(soon, () -> neverReturn()))
          .isInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> withDeadline(Instant.EPOCH, () -> neverReturn()))
          .isInstanceOf(DeadlineExceededException.class);
    });
    assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(5));
  }

  private static String neverReturn() {
    sleep(Duration.ofDays(1));
    return "never";
  }

  @Test
  void aRealErrorIsNotHiddenByTheLimit() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                withTimeout(
                    SECOND,
                    () -> {
                      try {
                        sleep(MINUTE);
                      } catch (CancellationException cancelled) {
                        throw new IOException("real", cancelled);
                      }
                    }))
            .isInstanceOf(IOException.class)
            .hasMessage("real"));
  }

  @Test
  void aShieldKeepsACancelOutUntilItsEnd() throws Exception {
    loop.run(() -> {
      Task<?> task =
          goAsync(() -> {
            shielded(() -> sleep(SECOND));
            log.add("shielded");
            sleep(MINUTE);
            log.add("not reached");
          });
      GoAsync.yield();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(log).containsExactly("shielded");
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aShieldWithGraceGivesWayWhenTheGraceIsOver() throws Exception {
    loop.run(() -> {
      Task<?> task =
          goAsync(() ->
              shielded(
                  SECOND,
                  () -> {
                    sleep(MINUTE);
                    return "not reached";
                  }));
      sleep(SECOND.multipliedBy(3)); // the grace does not begin before the cancel
      task.cancel("shut down");
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND.multipliedBy(4));
  }

  @Test
  void aShieldWithGraceThatIsEnteredCancelledHoldsForTheGrace() throws Exception {
    loop.run(() -> {
      Task<?> task =
          goAsync(() -> {
            try {
              sleep(MINUTE);
            } finally {
              shielded(
                  SECOND,
                  () -> {
                    sleep(Duration.ofMillis(900));
                    log.add("cleaned up");
                  });
            }
          });
      GoAsync.yield();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(log).containsExactly("cleaned up");
  }

  @Test
  void aComputationNoticesACancelFromAnotherThread() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (EventLoop other = EventLoop.start("busy")) {
      Task<?> busy =
          other.goAsync(() -> {
            begun.countDown();
            while (true) {
              GoAsync.checkCancelled();
            }
          });
      begun.await();
      busy.cancel("stop computing");
      assertThatThrownBy(busy::await)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("stop computing");
    }
  }

  @Test
  void aComputationNoticesThatItsTimeIsOver() {
    try (EventLoop other = EventLoop.start("busy")) {
      Task<?> busy =
          other.goAsync(() ->
              withTimeout(
                  Duration.ofMillis(1),
                  () -> {
                    while (true) {
                      GoAsync.checkCancelled();
                    }
                  }));
      assertThatThrownBy(busy::await).isInstanceOf(DeadlineExceededException.class);
    }
  }

  @Test
  void aPlainThreadIsHeldToTheLimitToo() {
    assertThatThrownBy(() -> withTimeout(Duration.ofMillis(1), () -> sleep(MINUTE)))
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("PT0.001S");
  }

  @Test
  void ofTwoLimitsDueAtOnceTheOuterOneIsReported() throws Exception {
    loop.run(() -> {
      boolean[] innerReported = new boolean[1];
      assertThatThrownBy(() ->
              withTimeout(
                  MINUTE,
                  () -> {
                    try {
                      withTimeout(MINUTE, () -> sleep(MINUTE.multipliedBy(2)));
                    } catch (DeadlineExceededException inner) {
                      innerReported[0] = true;
                      throw inner;
                    }
                  }))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(innerReported[0]).isFalse();
    });
  }

  @Test
  void cancelOfTheTaskIsReportedBeforeALimitDueAtOnce() throws Exception {
    loop.run(() -> {
      Task<?> task = GoAsync.goAsync(() -> withTimeout(Duration.ZERO, () -> sleep(MINUTE)));
      task.cancel("first");
      assertThatThrownBy(task::await).hasMessageContaining("first");
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  void yieldAndCheckCancelledBothNoticeALimitThatHasPassed() throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() -> withTimeout(Duration.ZERO, () -> GoAsync.yield()))
          .isInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> withTimeout(Duration.ZERO, () -> GoAsync.checkCancelled()))
          .isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void deadlineOfAnActionThatHasPassedCancelsItsFirstWait() {
    assertThatThrownBy(() -> GoAsync.withDeadline(Instant.EPOCH, () -> sleep(MINUTE)))
        .isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> withTimeout(Duration.ofMillis(-1), () -> "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout is negative: PT-0.001S");
    assertThatThrownBy(() -> shielded(Duration.ofMillis(-1), () -> "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("grace");
  }
}
