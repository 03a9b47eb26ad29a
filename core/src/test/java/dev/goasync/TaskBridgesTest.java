package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks, and futures in both directions. */
@Timeout(60)
@OnTestLoop
final class TaskBridgesTest {
  private final TestLoop loop;
  private final List<String> events = new ArrayList<>();

  TaskBridgesTest(TestLoop loop) {
    this.loop = loop;
  }

  private static Task<String> failing() {
    return goAsync(() -> {
      throw new IOException("as it was thrown");
    });
  }

  @Test
  void callbacksAreCalledOnceInTheOrderTheyCame() throws Exception {
    loop.run(() -> {
      Task<String> task = goAsync(() -> "value");
      task.onCompletion(ended -> events.add("first " + ended.await()));
      task.onCompletion(ended -> events.add("second"));
      assertThat(events).isEmpty();
      task.await();
    });
    assertThat(events).containsExactly("first value", "second");
  }

  @Test
  void callbackOfAnEndedTaskIsCalledAtOnce() throws Exception {
    loop.run(() -> {
      Task<String> task = goAsync(() -> "value");
      task.await();
      Thread caller = Thread.currentThread();
      task.onCompletion(ended -> assertThat(Thread.currentThread()).isSameAs(caller));
      task.onCompletion(ended -> events.add("called"));
      assertThat(events).containsExactly("called");
    });
  }

  @Test
  void callbackOfAFailedTaskSeesTheFailure() throws Exception {
    loop.run(() -> {
      Task<String> task = failing();
      task.onCompletion(ended -> events.add(String.valueOf(ended.failure())));
      var _ = catchThrowable(task::await);
    });
    assertThat(events).containsExactly("java.io.IOException: as it was thrown");
  }

  @Test
  void throwingCallbackIsLoggedAndHasNoOtherEffect() throws Exception {
    loop.run(() -> {
      Task<String> task = goAsync(() -> "value");
      task.onCompletion(ended -> {
        throw new IllegalStateException("expected by this test");
      });
      task.onCompletion(ended -> events.add("second"));
      assertThat(task.await()).isEqualTo("value");
      task.onCompletion(ended -> {
        throw new IllegalStateException("expected by this test");
      });
    });
    assertThat(events).containsExactly("second");
  }

  @Test
  void futureEndsWithTheTasksValue() throws Exception {
    loop.run(() -> {
      Task<String> task = goAsync(() -> "value");
      CompletableFuture<String> future = task.toCompletableFuture();
      assertThat(future).isNotDone();
      task.await();
      assertThat(future).isCompletedWithValue("value");
      assertThat(task.toCompletableFuture()).isCompletedWithValue("value");
      assertThat(GoAsync.<@Nullable String>goAsync(() -> null).toCompletableFuture()).isNotNull();
    });
    loop.eventLoop().run();
  }

  @Test
  void futureFailsAsTheTaskDid() throws Exception {
    loop.run(() -> {
      Task<String> task = failing();
      CompletableFuture<String> future = task.toCompletableFuture();
      var _ = catchThrowable(task::await);
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isSameAs(task.failure());
    });
  }

  @Test
  void cancelledTaskCancelsTheFuture() throws Exception {
    loop.run(() -> {
      Task<?> task = goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
      CompletableFuture<?> future = task.toCompletableFuture();
      GoAsync.yield();
      task.cancel();
      var _ = catchThrowable(task::await);
      assertThat(future).isCancelled();
    });
  }

  @Test
  void cancelledFutureCancelsTheTask() throws Exception {
    loop.run(() -> {
      Task<?> task = goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
      GoAsync.yield();
      task.toCompletableFuture().cancel(true);
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(loop.elapsed()).isZero();
  }

  @Test
  void taskOfAStageEndsWithItsValue() throws Exception {
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> task = Task.from(source.thenApply(value -> value + "!"));
    loop.run(() -> {
      goAsync(() -> source.complete("hey"));
      assertThat(task.await()).isEqualTo("hey!");
    });
  }

  @Test
  void taskOfAStageFailsWithWhatWasThrown() {
    IllegalArgumentException failure = new IllegalArgumentException("in the stage");
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> direct = Task.from(source);
    Task<String> wrapped = Task.from(source.thenApply(value -> value));
    source.completeExceptionally(failure);
    assertThat(direct.failure()).isSameAs(failure);
    assertThat(wrapped.failure()).as("out of its CompletionException").isSameAs(failure);
    Task<String> onPurpose =
        Task.from(CompletableFuture.failedFuture(new CompletionException("no cause", null)));
    assertThat(onPurpose.failure()).isInstanceOf(CompletionException.class);
  }

  @Test
  void cancellationIsPassedOnBothWays() {
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> task = Task.from(source);
    assertThat(task.cancel()).isTrue();
    assertThat(source).isCancelled();
    assertThat(task.isCancelled()).isTrue();

    CompletableFuture<String> cancelled = new CompletableFuture<>();
    Task<String> follower = Task.from(cancelled);
    cancelled.cancel(true);
    assertThat(follower.isCancelled()).isTrue();
    assertThatThrownBy(follower::await).isInstanceOf(CancellationException.class);
  }

  @Test
  void coroutineAwaitsAFutureThatAnotherThreadCompletes() throws Exception {
    CompletableFuture<String> source = new CompletableFuture<>();
    Thread completer = Thread.ofPlatform().unstarted(() -> source.complete("from afar"));
    loop.run(() -> {
      completer.start();
      assertThat(Task.from(source).await()).isEqualTo("from afar");
    });
    completer.join();
  }
}
