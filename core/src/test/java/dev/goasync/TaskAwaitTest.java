package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(NoLeaks.class)
final class TaskAwaitTest {
  private static boolean hasFrame(Throwable thrown, String method) {
    return Arrays.stream(thrown.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().contains(method));
  }

  private static void theBodyFails() {
    throw new IllegalStateException("unchecked");
  }

  private static void theBodyFailsChecked() throws IOException {
    throw new IOException("checked");
  }

  private static Throwable theAwaiter(Task<?> task) {
    return catchThrowable(task::await);
  }

  @Test
  void uncheckedComesOutAsItIsWithBothStackTraces() {
    Task<?> task = goAsync(TaskAwaitTest::theBodyFails);
    Throwable thrown = theAwaiter(task);
    assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("unchecked");
    assertThat(hasFrame(thrown, "theBodyFails")).isTrue();
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(hasFrame(thrown.getSuppressed()[0], "theAwaiter")).isTrue();
    assertThat(thrown.getSuppressed()[0]).hasMessageContaining("TaskAwaitTest.java");
  }

  @Test
  void checkedIsTheCauseAndBothStackTracesAreThere() {
    Task<?> task = goAsync(TaskAwaitTest::theBodyFailsChecked);
    Throwable thrown = theAwaiter(task);
    assertThat(thrown).isInstanceOf(TaskFailedException.class).hasMessageContaining("checked");
    assertThat(hasFrame(thrown, "theAwaiter")).isTrue();
    assertThat(thrown.getCause()).isInstanceOf(IOException.class).hasMessage("checked");
    assertThat(hasFrame(Objects.requireNonNull(thrown.getCause()), "theBodyFailsChecked")).isTrue();
  }

  @Test
  void errorComesOutAsItIs() {
    Task<?> task =
        goAsync(() -> {
          throw new StackOverflowError("expected");
        });
    assertThatThrownBy(task::await).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void exceptionOfManyAwaitersStaysReadable() {
    Task<?> task = goAsync(TaskAwaitTest::theBodyFails);
    for (int i = 0; i < 100; i++) {
      theAwaiter(task);
    }
    assertThat(theAwaiter(task).getSuppressed()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void stateShowsHowATaskEnded() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<String> well = goAsync(() -> "well");
        assertThat(well.isCompleted()).isFalse();
        assertThat(well.failure()).isNull();
        well.await();
        assertThat(well.isCompleted()).isTrue();
        assertThat(well.isCancelled()).isFalse();
        assertThat(well.failure()).isNull();

        Task<?> failed = goAsync(TaskAwaitTest::theBodyFails);
        theAwaiter(failed);
        assertThat(failed.isCompleted()).isTrue();
        assertThat(failed.isCancelled()).isFalse();
        assertThat(failed.failure()).hasMessage("unchecked");
      });
    }
  }

  @Test
  void resultCanBeAwaitedAgain() {
    Task<Object> task = goAsync(() -> new Object());
    assertThat(task.await()).isSameAs(task.await());
  }

  @Test
  void awaitWithinTheLimit() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<String> task =
            goAsync(() -> {
              sleep(Duration.ofSeconds(1));
              return "in time";
            });
        assertThat(task.await(Duration.ofSeconds(2))).isEqualTo("in time");
      });
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void timedOutAwaitNamesTaskAndTimeoutAndTheTaskContinues() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<String> task =
            goAsync(
                "slowpoke",
                () -> {
                  sleep(Duration.ofSeconds(9));
                  return "late";
                });
        assertThatThrownBy(() -> task.await(Duration.ofSeconds(2)))
            .isInstanceOf(DeadlineExceededException.class)
            .hasMessageContaining("slowpoke")
            .hasMessageContaining("PT2S");
        assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(task.await()).isEqualTo("late");
      });
    }
  }

  @Test
  void ownerThreadOfALoopAwaitsByTheLoopsClock() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      Task<?> task = loop.eventLoop().goAsync(() -> sleep(Duration.ofSeconds(9)));
      assertThatThrownBy(() -> task.await(Duration.ofSeconds(2)))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(2));
      task.await();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(9));
    }
  }

  @Test
  void endedTaskNeedsNoTime() {
    Task<Integer> task = goAsync(() -> 1);
    task.await();
    assertThat(task.await(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void timedOutAwaitsOfANeverEndingTaskLeaveNothingBehind() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      Task<String> never = Task.from(new CompletableFuture<>());
      loop.run(() -> {
        for (int i = 0; i < 100_000; i++) {
          var _ = catchThrowable(() -> never.await(Duration.ZERO));
        }
      });
      var state = Task.class.getSuperclass().getDeclaredField("state");
      state.setAccessible(true);
      assertThat(state.get(never)).isNull();
    }
  }

  @Test
  void timedOutAwaitOfAThreadLeavesNothingBehind() throws Exception {
    Task<String> never = Task.from(new CompletableFuture<>());
    assertThatThrownBy(() -> never.await(Duration.ZERO))
        .isInstanceOf(DeadlineExceededException.class);
    var state = Task.class.getSuperclass().getDeclaredField("state");
    state.setAccessible(true);
    assertThat(state.get(never)).isNull();
  }

  /** The loop is kept busy until the timeout is due, so that timer and interrupt meet. */
  @Test
  void anInterruptOfACoroutineAtTheMomentOfTheTimeoutIsNotLost() {
    Duration timeout = Duration.ofMillis(1);
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    boolean seen =
        goAsync(
                () -> {
                  Task<?> endless = goAsync(() -> sleep(Duration.ofMinutes(1)));
                  Task<Boolean> waiting =
                      goAsync(() -> {
                        waiter.complete(Thread.currentThread());
                        Throwable thrown = catchThrowable(() -> endless.await(timeout));
                        return Thread.interrupted() || thrown instanceof CancellationException;
                      });
                  GoAsync.yield();
                  long begin = System.nanoTime();
                  while (System.nanoTime() - begin < timeout.toNanos()) {
                    Thread.onSpinWait();
                  }
                  waiter.join().interrupt();
                  boolean interrupted = waiting.await();
                  endless.cancel();
                  return interrupted;
                })
            .await();
    assertThat(seen).as("the interrupt is seen").isTrue();
  }

  @Test
  void interruptEndsTheWaitOfAThreadAndTheTaskContinues() {
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> task = Task.from(source);
    Thread.currentThread().interrupt();
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    source.complete("later");
    assertThat(task.await()).isEqualTo("later");
  }

  @Test
  void awaitingItselfIsRefused() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        List<Task<?>> self = new ArrayList<>();
        self.add(goAsync("narcissus", () -> self.getFirst().await()));
        assertThatThrownBy(() -> self.getFirst().await())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("narcissus")
            .hasMessageContaining("cannot await itself");
        self.set(0, goAsync("narcissus", () -> GoAsync.awaitAll(self)));
        assertThatThrownBy(() -> self.getFirst().await())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("cannot await itself");
      });
    }
  }

  @Test
  void cycleOfAwaitsIsRefusedWhereItCloses() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        List<Task<?>> ring = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          int next = (i + 1) % 3;
          ring.add(goAsync("ring" + i, () -> ring.get(next).await()));
        }
        for (Task<?> task : ring) {
          assertThatThrownBy(task::await)
              .isInstanceOf(DeadlockException.class)
              .hasMessageContaining("\"ring2\"")
              .hasMessageContaining("\"ring0\"")
              .hasMessageContaining("2 wait(s)");
        }
      });
    }
  }
}
