package dev.goasync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.awaitAny;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class AwaitSeveralTest {
  private static Task<String> after(int seconds, String value) {
    return goAsync(() -> {
      sleep(Duration.ofSeconds(seconds));
      return value;
    });
  }

  private static Task<String> failingAfter(int seconds) {
    return goAsync(() -> {
      sleep(Duration.ofSeconds(seconds));
      throw new IllegalStateException("failed after " + seconds);
    });
  }

  /** Runs the test in a coroutine, and again on the thread that owns the loop. */
  private static void inBothContexts(Action<?> test, int seconds) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(test);
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(seconds));
      loop.eventLoop().run();
    }
    try (TestLoop loop = TestLoop.open()) {
      test.run();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(seconds));
      loop.eventLoop().run();
    }
  }

  @Test
  void allResultsComeInTheOrderOfTheArguments() throws Exception {
    inBothContexts(
        () ->
            assertThat(awaitAll(after(3, "slow"), after(1, "fast"), after(2, "middle")))
                .containsExactly("slow", "fast", "middle"),
        3);
  }

  @Test
  void allOfNothingIsNothing() throws Exception {
    inBothContexts(() -> assertThat(awaitAll(List.<Task<String>>of())).isEmpty(), 0);
  }

  @Test
  void awaitAllThrowsTheFirstFailureAndTheOtherTasksContinue() throws Exception {
    inBothContexts(
        () -> {
          Task<String> rest = after(9, "rest");
          assertThatThrownBy(() -> awaitAll(rest, failingAfter(1)))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("failed after 1");
          assertThat(rest.isCompleted()).isFalse();
        },
        1);
  }

  @Test
  void allOfWhatHasEndedDoesNotWait() throws Exception {
    inBothContexts(
        () -> {
          Task<String> task = after(0, "ended");
          task.await();
          assertThat(awaitAll(task, task)).containsExactly("ended", "ended");
        },
        0);
  }

  @Test
  void allWithinTheLimit() throws Exception {
    inBothContexts(
        () ->
            assertThat(awaitAll(Duration.ofSeconds(5), List.of(after(2, "in time"))))
                .containsExactly("in time"),
        2);
  }

  @Test
  void allOverTheLimit() throws Exception {
    inBothContexts(
        () -> {
          Task<String> slow = after(9, "slow");
          assertThatThrownBy(() -> awaitAll(Duration.ofSeconds(5), List.of(after(2, "fast"), slow)))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageContaining("2 tasks")
              .hasMessageContaining("PT5S");
          assertThat(slow.isCompleted()).isFalse();
        },
        5);
  }

  @Test
  void anyReturnsTheWinner() throws Exception {
    inBothContexts(
        () -> {
          Task<String> slow = after(3, "slow");
          Task<String> fast = after(1, "fast");
          assertThat(awaitAny(slow, fast)).isSameAs(fast);
          assertThat(slow.isCompleted()).isFalse();
        },
        1);
  }

  @Test
  void failedTaskWinsToo() throws Exception {
    inBothContexts(
        () -> {
          Task<String> failing = failingAfter(1);
          assertThat(awaitAny(after(3, "slow"), failing)).isSameAs(failing);
          assertThat(failing.failure()).hasMessage("failed after 1");
        },
        1);
  }

  @Test
  void anyPrefersTheFirstOfThoseThatHaveEnded() throws Exception {
    inBothContexts(
        () -> {
          Task<String> one = after(1, "one");
          Task<String> two = after(2, "two");
          awaitAll(one, two);
          assertThat(awaitAny(two, one)).isSameAs(two);
        },
        2);
  }

  @Test
  void anyOfNothingIsRefused() {
    assertThatThrownBy(() -> awaitAny(List.<Task<String>>of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tasks");
  }

  @Test
  void anyWithinAndOverTheLimit() throws Exception {
    inBothContexts(
        () -> {
          Task<String> slow = after(9, "slow");
          assertThatThrownBy(() -> awaitAny(Duration.ofSeconds(2), List.of(slow)))
              .isInstanceOf(DeadlineExceededException.class)
              .satisfies(e ->
                  assertThat(((DeadlineExceededException) e).timeout())
                      .isEqualTo(Duration.ofSeconds(2)));
          assertThat(awaitAny(Duration.ofSeconds(20), List.of(slow))).isSameAs(slow);
        },
        9);
  }

  @Test
  void tasksOfSeveralLoopsCanBeAwaitedTogether() {
    try (EventLoopGroup group = EventLoopGroup.start(2)) {
      Task<Integer> one = group.goAsync(() -> 1);
      Task<Integer> two = group.goAsync(() -> 2);
      assertThat(awaitAll(one, two)).containsExactly(1, 2);
      Task<List<Integer>> inside = group.goAsync(() -> awaitAll(one, two));
      assertThat(inside.await()).containsExactly(1, 2);
    }
  }
}
