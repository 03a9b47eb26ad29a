package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mutiny with an executor of coroutines. */
@Timeout(60)
final class MutinyTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Waits for a result; a cancel of the coroutine cancels the subscription. */
  static <T extends @Nullable Object> T await(Uni<T> result) {
    Task<T> task = Task.from(result.subscribeAsCompletionStage());
    try {
      return task.await();
    } finally {
      task.cancel(); // has no effect on a task that has ended
    }
  }

  static <T> Uni<T> inCoroutine(Uni<T> work, EventLoop loop) {
    return work.runSubscriptionOn(loop.executor());
  }

  // guide: end

  private static int pause(int number) {
    GoAsync.sleep(Duration.ofNanos(1));
    return number;
  }

  @Test
  void aCancelEndsTheWait() throws Exception {
    one.run(() -> {
      Throwable failure =
          Rounds.withCut(
              number -> {
                Uni<Integer> result = Uni.createFrom().item(() -> pause(number));
                assertThat(await(inCoroutine(result, one.loop()))).isEqualTo(number);
                return number;
              },
              () -> await(Uni.createFrom().nothing()));
      assertThat(failure).isInstanceOf(CancellationException.class);
    });
  }

  /** Mutiny does not interrupt it: the coroutine goes on to its end. */
  @Test
  void aCancelDoesNotReachTheWork() throws Exception {
    one.run(() -> {
      var end = new CompletableFuture<Integer>();
      var result = new CompletableFuture<Integer>();
      Uni<Integer> work =
          Uni.createFrom()
              .item(() -> {
                int number = Task.from(end).await();
                result.complete(number);
                return number;
              });
      Task<?> waiting =
          GoAsync.goAsync(() -> {
            await(inCoroutine(work, one.loop()));
          });
      GoAsync.yield();
      GoAsync.yield();
      waiting.cancel();
      while (!waiting.isCompleted()) {
        GoAsync.yield();
      }
      end.complete(7);
      assertThat(Task.from(result).await()).isEqualTo(7);
    });
  }
}
