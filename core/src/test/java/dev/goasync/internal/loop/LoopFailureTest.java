package dev.goasync.internal.loop;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.NoLeaks;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A loop whose own code fails, because of its poller, a listener or a timer. */
@Timeout(60)
final class LoopFailureTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private final FakePoller poller = new FakePoller();
  private final AtomicInteger failuresLeft = new AtomicInteger();

  private Loop startWithFailingPoller(int failures) throws InterruptedException {
    Loop loop = Loop.start("failing", true, TimeSource.SYSTEM, poller);
    failuresLeft.set(failures);
    Runnable block = poller.whenWaiting;
    poller.whenWaiting =
        () -> {
          if (failuresLeft.getAndDecrement() > 0) {
            throw new OutOfMemoryError("expected by this test");
          }
          block.run();
        };
    return loop;
  }

  @Test
  void aLoopSurvivesFailedTurns() throws Exception {
    Loop loop = startWithFailingPoller(LoopRunner.MAX_FAILED_TURNS - 1);
    loop.execute(() -> FakePoller.of(loop));
    CountDownLatch ran = new CountDownLatch(1);
    TestFiber fiber =
        TestFiber.start(
            loop,
            () -> {
              me().sleep(1_000_000);
              ran.countDown();
            });
    ran.await();
    loop.close(null);
    assertThat(fiber.failure).isNull();
  }

  @Test
  void aLoopThatFailsAgainAndAgainEndsAllWaitsForIt() throws Exception {
    Loop loop = startWithFailingPoller(Integer.MAX_VALUE);
    CountDownLatch closed = new CountDownLatch(2);
    TestFiber fiber =
        TestFiber.start(
            loop, () -> me().pause(new FakeWait(me(), "a test", FakeWait.OnCancel.ENDS)));
    loop.execute(() -> {
      loop.addCloseListener(() -> {
        throw new IllegalStateException("expected by this test");
      });
      loop.addCloseListener(closed::countDown);
    });
    ThreadWait wait = new ThreadWait(loop);
    loop.execute(() -> FakePoller.of(loop));
    assertThat(wait.await(Poller.FOREVER)).isEqualTo(ThreadWait.Outcome.DEADLOCKED);
    assertThat(wait.deadlockReport()).contains("failing has ended because of an error");
    loop.close(null);
    assertThat(fiber.abandonedBecause).isInstanceOf(OutOfMemoryError.class);
    assertThat(closed.getCount()).isEqualTo(1);
    assertThat(poller.closed).hasValue(1);
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aFailingCloseListenerDoesNotStopTheOthers() throws Exception {
    Loop loop = Loop.start("closing", true, TimeSource.SYSTEM, poller);
    CountDownLatch closed = new CountDownLatch(1);
    loop.execute(() -> {
      loop.addCloseListener(() -> {
        throw new IllegalStateException("expected by this test");
      });
      loop.addCloseListener(closed::countDown);
    });
    loop.close(null);
    closed.await();
  }
}
