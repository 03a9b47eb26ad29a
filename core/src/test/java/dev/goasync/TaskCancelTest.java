package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@OnTestLoop
final class TaskCancelTest {
  private final TestLoop loop;
  private final List<String> events = new ArrayList<>();

  TaskCancelTest(TestLoop loop) {
    this.loop = loop;
  }

  @Test
  void pausedTaskEndsAtOnceWithTheReason() throws Exception {
    loop.run(() -> {
      Task<?> task = goAsync(() -> sleep(Duration.ofDays(1)));
      GoAsync.yield();
      assertThat(task.cancel("no longer needed")).isTrue();
      assertThat(task.isCancelled()).as("not before it has ended").isFalse();
      assertThatThrownBy(task::await)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("no longer needed");
      assertThat(task.isCancelled()).isTrue();
      assertThat(task.isCompleted()).isTrue();
      assertThat(task.failure()).isInstanceOf(CancellationException.class);
    });
    assertThat(loop.elapsed()).isZero();
  }

  @Test
  void taskThatHasNotBegunNeverDoes() throws Exception {
    loop.run(() -> {
      Task<?> task = goAsync(() -> events.add("ran"));
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(events).isEmpty();
  }

  @Test
  void cancelledTaskDoesNotGoOnToWaitInTheJdk() throws Exception {
    loop.run(() -> {
      Task<?> task =
          goAsync(() -> {
            try {
              sleep(Duration.ofDays(1));
            } finally {
              new CountDownLatch(1).await();
            }
          });
      GoAsync.yield();
      task.cancel("level");
      assertThatThrownBy(task::await)
          .isInstanceOf(CancellationException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  void completedTaskCannotBeCancelled() throws Exception {
    loop.run(() -> {
      Task<String> task = goAsync(() -> "done");
      task.await();
      assertThat(task.cancel()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.await()).isEqualTo("done");
    });
  }

  @Test
  void theFirstReasonIsKept() throws Exception {
    loop.run(() -> {
      Task<?> task = goAsync(() -> sleep(Duration.ofDays(1)));
      GoAsync.yield();
      task.cancel("first");
      task.cancel("second");
      assertThatThrownBy(task::await).hasMessageContaining("first");
      assertThat(task.cancel("third")).isFalse();
    });
  }

  @Test
  void bodyThatReturnsAResultAfterACancelSucceeds() throws Exception {
    loop.run(() -> {
      Task<String> task =
          goAsync(() -> {
            try {
              sleep(Duration.ofDays(1));
              return "slept";
            } catch (CancellationException cancelled) {
              return "rescued";
            }
          });
      GoAsync.yield();
      task.cancel();
      assertThat(task.await()).isEqualTo("rescued");
      assertThat(task.isCancelled()).isFalse();
    });
  }

  @Test
  void cleanUpOfACancelledTaskRuns() throws Exception {
    loop.run(() -> {
      Task<?> task =
          goAsync(() -> {
            try {
              sleep(Duration.ofDays(1));
            } finally {
              events.add("cleaned up");
            }
          });
      GoAsync.yield();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(events).containsExactly("cleaned up");
  }

  @Test
  void cancelledAwaiterLeavesTheAwaitedAlone() throws Exception {
    loop.run(() -> {
      Task<String> awaited =
          goAsync(() -> {
            sleep(Duration.ofSeconds(1));
            return "unharmed";
          });
      Task<?> awaiter = goAsync(() -> awaited.await());
      GoAsync.yield();
      awaiter.cancel();
      assertThatThrownBy(awaiter::await).isInstanceOf(CancellationException.class);
      assertThat(awaiter.isCancelled()).isTrue();
      assertThat(awaited.await()).isEqualTo("unharmed");
    });
  }

  @Test
  void cancellationOfAnotherTaskIsAFailureOfTheAwaiter() throws Exception {
    loop.run(() -> {
      Task<?> cancelled = goAsync(() -> sleep(Duration.ofDays(1)));
      Task<?> awaiter = goAsync(() -> cancelled.await());
      GoAsync.yield();
      cancelled.cancel();
      assertThatThrownBy(awaiter::await).isInstanceOf(CancellationException.class);
      assertThat(awaiter.isCancelled()).isFalse();
    });
  }

  @Test
  void anyThreadMayCancel() throws Exception {
    try (EventLoop other = EventLoop.start()) {
      Task<?> task = other.goAsync(() -> sleep(Duration.ofDays(1)));
      task.cancel("from outside");
      assertThatThrownBy(task::await).hasMessageContaining("from outside");
    }
  }

  @Test
  void cancelInABusyStretchIsSeenAtTheNextWait() throws Exception {
    loop.run(() -> {
      List<Task<?>> self = new ArrayList<>();
      self.add(
          goAsync(() -> {
            self.getFirst().cancel("by itself");
            events.add("goes on until it waits");
            sleep(Duration.ZERO);
            events.add("never");
          }));
      assertThatThrownBy(() -> self.getFirst().await()).hasMessageContaining("by itself");
    });
    assertThat(events).containsExactly("goes on until it waits");
  }
}
