package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RxJava with a scheduler of coroutines. */
@Timeout(60)
final class RxJavaTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Scheduler scheduler(EventLoop loop) {
    return Schedulers.from(loop.executor(), true); // dispose() interrupts the coroutine
  }

  /** Waits for a result; a cancel of the coroutine disposes of the subscription. */
  static <T> T await(Single<T> result) {
    Task<T> task = Task.from(result.toCompletionStage());
    try {
      return task.await();
    } finally {
      task.cancel(); // has no effect on a task that has ended
    }
  }

  /** RxJava prints the exception of a coroutine that {@code dispose()} has interrupted. */
  static void ignoreCancels() {
    RxJavaPlugins.setErrorHandler(failure -> {
      if (!(failure instanceof CancellationException)) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
      }
    });
  }

  // guide: end

  private static int pause(int number) {
    GoAsync.sleep(Duration.ofNanos(1));
    return number;
  }

  private static int sleep() {
    GoAsync.sleep(Duration.ofHours(1));
    return 0;
  }

  @Test
  void aCancelEndsTheCoroutineOfTheSubscription() throws Exception {
    ignoreCancels();
    one.run(() -> {
      Scheduler scheduler = scheduler(one.loop());
      Throwable failure =
          Rounds.withCut(
              number -> {
                Single<Integer> result = Single.fromCallable(() -> pause(number));
                assertThat(await(result.subscribeOn(scheduler))).isEqualTo(number);
                return number;
              },
              () -> await(Single.fromCallable(RxJavaTest::sleep).subscribeOn(scheduler)));
      assertThat(failure).isInstanceOf(CancellationException.class);
    });
  }
}
