package dev.goasync.internal.loop;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A loop on the test's own thread, with a virtual clock and a fake poller. */
@Timeout(60)
final class LoopTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private final FakePoller poller = new FakePoller();
  private final VirtualTime time = new VirtualTime();
  private final Loop loop = Loop.onCurrentThread(time, poller);

  @AfterEach
  void close() {
    loop.close(null);
  }

  private static LoopTimer timer(Runnable work) {
    return new LoopTimer() {
      @Override
      protected void fire() {
        work.run();
      }
    };
  }

  @Test
  void endlessYieldingStarvesNeitherTimersNorTasksNorIo() throws Exception {
    AtomicBoolean timerFired = new AtomicBoolean();
    AtomicBoolean otherThreadsTaskRan = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform().unstarted(() -> loop.execute(() -> otherThreadsTaskRan.set(true)));
    TestFiber.start(
        loop,
        () -> {
          var _ = FakePoller.of(loop);
          loop.addTimer(timer(() -> timerFired.set(true)), time.nanoTime());
          other.start();
          while (!(timerFired.get() && otherThreadsTaskRan.get() && poller.polls.get() >= 3)) {
            me().yieldNow();
          }
        });
    assertThat(loop.runUntilNoFiber()).isNull();
    other.join();
  }

  @Test
  void aTurnRunsABoundedNumberOfTasks() {
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger ranBeforeTimer = new AtomicInteger();
    TestFiber.start(
        loop,
        () -> {
          loop.addTimer(timer(() -> ranBeforeTimer.set(ran.get())), time.nanoTime());
          for (int i = 0; i < 10_000; i++) {
            loop.execute(ran::incrementAndGet);
          }
        });
    loop.runUntilNoFiber();
    assertThat(ran).hasValue(10_000);
    assertThat(ranBeforeTimer.get()).isLessThanOrEqualTo(1024);
  }

  @Test
  void aTimerThatRearmsItselfStarvesNoFiber() {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger firings = new AtomicInteger();
    LoopTimer rearming =
        new LoopTimer() {
          @Override
          protected void fire() {
            firings.incrementAndGet();
            if (!stop.get()) {
              loop.addTimer(this, time.nanoTime());
            }
          }
        };
    TestFiber.start(
        loop,
        () -> {
          loop.addTimer(rearming, time.nanoTime());
          for (int i = 0; i < 5; i++) {
            me().yieldNow();
          }
          stop.set(true);
          me().sleep(1);
        });
    assertThat(loop.runUntilNoFiber()).isNull();
    assertThat(firings.get()).isPositive();
  }

  @Test
  void readyFibersRunInTheOrderTheyBecameReady() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int id = i;
      TestFiber.start(
          loop,
          () -> {
            order.add(id);
            me().yieldNow();
            order.add(id + 10);
          });
    }
    loop.runUntilNoFiber();
    assertThat(order).containsExactly(0, 1, 2, 10, 11, 12);
  }

  @Test
  void thePollerIsOpenedOnFirstUseAndOnce() {
    TestFiber.start(loop, () -> me().sleep(1));
    loop.runUntilNoFiber();
    assertThat(loop.openedPoller()).isNull();
    assertThat(poller.opened).hasValue(0);
    TestFiber.start(
        loop,
        () -> {
          assertThat(FakePoller.of(loop)).isSameAs(poller);
          assertThat(FakePoller.of(loop)).isSameAs(poller);
        });
    loop.runUntilNoFiber();
    assertThat(poller.opened).hasValue(1);
    assertThat(loop.openedPoller()).isSameAs(poller);
    loop.close(null);
    assertThat(poller.closed).hasValue(1);
  }

  @Test
  void aFailingTaskOrTimerDoesNotStopTheLoop() {
    AtomicInteger after = new AtomicInteger();
    loop.execute(() -> {
      throw new IllegalStateException("expected by this test");
    });
    loop.execute(after::incrementAndGet);
    loop.addTimer(
        timer(() -> {
          throw new AssertionError("expected by this test");
        }),
        time.nanoTime());
    loop.addTimer(timer(after::incrementAndGet), time.nanoTime());
    TestFiber.start(loop, () -> me().sleep(1));
    loop.runUntilNoFiber();
    assertThat(after).hasValue(2);
  }

  @Test
  void aThreadHasAtMostOneLoop() {
    assertThatThrownBy(() -> Loop.onCurrentThread(time, poller))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has an event loop already");
  }

  @Test
  void aVirtualThreadCannotHaveALoop() throws Exception {
    List<Throwable> thrown = new ArrayList<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            Loop.onCurrentThread(time, poller);
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        })
        .join();
    assertThat(thrown).hasSize(1);
  }

  @Test
  void runsOnlyOnItsThreadAndNotWhileItIsRunning() throws Exception {
    List<Throwable> thrown = new ArrayList<>();
    Runnable run =
        () -> {
          try {
            loop.runUntilNoFiber();
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        };
    Thread.ofPlatform().start(run).join();
    loop.execute(run);
    loop.runUntilNoFiber();
    assertThat(thrown).hasSize(2);
    assertThat(thrown.get(0)).hasMessageContaining("only");
    assertThat(thrown.get(1)).hasMessageContaining("running already");
  }

  @Test
  void aClosedLoopRejectsTasksAndFibersOfOtherThreads() throws Exception {
    loop.close(null);
    List<Throwable> thrown = new ArrayList<>();
    List<Runnable> attempts =
        List.of(() -> loop.execute(() -> {}), () -> TestFiber.start(loop, () -> {}));
    Thread.ofPlatform()
        .start(() -> {
          for (Runnable attempt : attempts) {
            try {
              attempt.run();
            } catch (RejectedExecutionException e) {
              thrown.add(e);
            }
          }
        })
        .join();
    assertThat(thrown).hasSize(2);
    assertThatThrownBy(() -> TestFiber.start(loop, () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void fibersAreListedUntilTheyEnd() {
    CountDownLatch checked = new CountDownLatch(1);
    TestFiber first = TestFiber.start(loop, "first", () -> me().sleep(10));
    TestFiber second = TestFiber.start(loop, "second", () -> me().sleep(20));
    loop.execute(() -> {
      assertThat(loop.fibers()).containsExactly(first, second);
      assertThat(loop.fiberCount()).isEqualTo(2);
      checked.countDown();
    });
    loop.runUntilNoFiber();
    assertThat(checked.getCount()).isZero();
    assertThat(loop.fibers()).isEmpty();
    assertThat(loop.fiberCount()).isZero();
  }
}
