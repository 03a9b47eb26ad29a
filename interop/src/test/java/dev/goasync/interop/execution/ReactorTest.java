package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reactor with a scheduler of coroutines. */
@Timeout(60)
final class ReactorTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Scheduler scheduler(EventLoop loop) {
    return Schedulers.fromExecutorService(loop.executor());
  }

  /** Waits for a result; a cancel of the coroutine cancels the subscription. */
  static <T> @Nullable T await(Mono<T> result) {
    Task<@Nullable T> task = Task.from(result.toFuture());
    try {
      return task.await();
    } finally {
      task.cancel(); // has no effect on a task that has ended
    }
  }

  // guide: end

  private static int pause(int number) {
    GoAsync.sleep(Duration.ofNanos(1));
    return number;
  }

  @Test
  void aCancelEndsTheCoroutineOfTheSubscription() throws Exception {
    one.run(() -> {
      Scheduler scheduler = scheduler(one.loop());
      Throwable failure =
          Rounds.withCut(
              number -> {
                Mono<Integer> result = Mono.fromCallable(() -> pause(number));
                assertThat(await(result.subscribeOn(scheduler))).isEqualTo(number);
                return number;
              },
              () ->
                  await(
                      Mono.fromRunnable(() -> GoAsync.sleep(Duration.ofHours(1)))
                          .subscribeOn(scheduler)));
      assertThat(failure).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void blockPausesTheCoroutine() throws Exception {
    Modes.assumeFullMode("block() waits for a coroutine of the same loop");
    one.run(() -> {
      Scheduler scheduler = scheduler(one.loop());
      GoAsync.awaitAll(
          OneLoop.startMany(number -> {
            Mono<Integer> result = Mono.fromCallable(() -> pause(number)).subscribeOn(scheduler);
            assertThat(result.block()).isEqualTo(number);
            return number;
          }));
    });
  }
}
