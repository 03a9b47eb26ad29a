package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.withTimeout;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.sync.Mutex;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cycles of waits that a time limit or a pending cancel will break: not deadlocks. */
@Timeout(60)
final class CyclesThatEndTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Duration LIMIT = Duration.ofMillis(30);

  private static void onLoop(Action<?> body) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(body);
    }
  }

  @Test
  void aLimitedWaiterOfAHeldMutexIsAwaited() throws Exception {
    onLoop(() -> {
      Mutex mutex = new Mutex();
      mutex.withLock(() -> {
        Task<?> waiter =
            goAsync(() ->
                assertThatThrownBy(() -> withTimeout(LIMIT, () -> mutex.lock()))
                    .isInstanceOf(DeadlineExceededException.class));
        sleep(SHORT);
        waiter.await();
      });
    });
  }

  @Test
  void aLimitedHolderAwaitsAWaiter() throws Exception {
    onLoop(() -> {
      Mutex mutex = new Mutex();
      mutex.withLock(() -> {
        Task<?> waiter = goAsync(() -> mutex.withLock(() -> {}));
        sleep(SHORT);
        assertThatThrownBy(() -> waiter.await(LIMIT)).isInstanceOf(DeadlineExceededException.class);
      });
    });
  }

  @Test
  void theLimitedWaiterMayComeLast() throws Exception {
    onLoop(() -> {
      Mutex mutex = new Mutex();
      mutex.withLock(() -> {
        Task<?> waiter =
            goAsync(() -> {
              sleep(SHORT);
              assertThatThrownBy(() -> withTimeout(LIMIT, () -> mutex.lock()))
                  .isInstanceOf(DeadlineExceededException.class);
            });
        waiter.await();
      });
    });
  }

  @Test
  void aShieldHidesALimitOutsideIt() throws Exception {
    onLoop(() -> {
      Mutex mutex = new Mutex();
      mutex.withLock(() -> {
        Task<?> waiter = goAsync(() -> mutex.withLock(() -> {}));
        sleep(SHORT);
        assertThatThrownBy(() -> withTimeout(LIMIT, () -> GoAsync.shielded(() -> waiter.await())))
            .isInstanceOf(DeadlockException.class);
      });
    });
  }

  @Test
  void aCancelledWaiterIsAwaitedByTheHolder() throws Exception {
    onLoop(() -> {
      Mutex mutex = new Mutex();
      mutex.withLock(() -> {
        Task<?> waiter = goAsync(() -> mutex.lock());
        sleep(SHORT);
        waiter.cancel();
        assertThatThrownBy(waiter::await).isInstanceOf(CancellationException.class);
      });
    });
  }

  @Test
  void aTaskThatWasCancelledIsAwaitedByTheTaskThatItAwaits() throws Exception {
    onLoop(() -> {
      Task<?>[] tasks = new Task<?>[2];
      tasks[1] =
          goAsync(() -> {
            sleep(SHORT);
            tasks[0].cancel();
            assertThatThrownBy(tasks[0]::await).isInstanceOf(CancellationException.class);
          });
      tasks[0] = goAsync(() -> tasks[1].await());
      tasks[1].await();
    });
  }
}
