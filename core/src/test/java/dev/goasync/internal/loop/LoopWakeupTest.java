package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A loop with its own thread, used from other threads. */
@Timeout(60)
final class LoopWakeupTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private final FakePoller poller = new FakePoller();
  private final Loop loop = Loop.start("wake-up test", true, TimeSource.SYSTEM, poller);

  @BeforeEach
  void openPoller() throws Exception {
    loop.execute(() -> FakePoller.of(loop));
    poller.waits.acquire();
  }

  @AfterEach
  void close() {
    loop.close(null);
    assertThat(poller.closed).hasValue(1);
  }

  @Test
  void sleepingLoopIsWokenOnce() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    loop.execute(ran::countDown);
    ran.await();
    assertThat(poller.wakeups).hasValue(1);
  }

  @Test
  void awakeLoopIsNotWoken() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(10);
    loop.execute(() -> {
      busy.countDown();
      awaitQuietly(proceed);
    });
    busy.await();
    for (int i = 0; i < 10; i++) {
      loop.execute(all::countDown);
    }
    proceed.countDown();
    all.await();
    assertThat(poller.wakeups).as("the one that made it busy").hasValue(1);
  }

  @Test
  void everySleepCanBeInterruptedByATask() throws Exception {
    for (int i = 1; i <= 100; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.execute(ran::countDown);
      ran.await();
      poller.waits.acquire();
      assertThat(poller.wakeups).hasValue(i);
    }
  }

  @Test
  void ownTasksNeedNoWakeUp() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    loop.execute(() -> loop.execute(ran::countDown));
    ran.await();
    assertThat(poller.wakeups).hasValue(1);
  }

  @Test
  void aFiberUnparkedByAnotherThreadContinues() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    List<FakeWait> waits = new ArrayList<>();
    TestFiber.start(
        loop,
        () -> {
          FakeWait wait = new FakeWait(TestFiber.me(), "a thread", FakeWait.OnCancel.ENDS);
          wait.external = true;
          waits.add(wait);
          paused.countDown();
          TestFiber.me().pause(wait);
          ended.countDown();
        });
    paused.await();
    waits.getFirst().complete();
    ended.await();
  }

  @Test
  void noTaskOfManyThreadsIsLost() throws Exception {
    int threads = 4;
    int each = 20_000;
    int[] unguarded = {0};
    CountDownLatch all = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < each; i++) {
              loop.execute(() -> unguarded[0]++);
            }
            loop.execute(all::countDown);
          });
    }
    all.await();
    assertThat(unguarded[0]).isEqualTo(threads * each);
  }

  @Test
  void aTaskSubmittedDuringACloseIsEitherRunOrRejected() throws Exception {
    for (int round = 0; round < 100; round++) {
      Loop closing = Loop.start("closing", true, TimeSource.SYSTEM, new FakePoller());
      AtomicInteger accepted = new AtomicInteger();
      AtomicInteger ran = new AtomicInteger();
      CountDownLatch begun = new CountDownLatch(1);
      Thread pusher =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (true) {
                    closing.execute(ran::incrementAndGet);
                    accepted.incrementAndGet();
                    begun.countDown();
                  }
                } catch (RejectedExecutionException closed) {
                  // the end of the round
                }
              });
      begun.await();
      Thread closer = Thread.ofPlatform().start(() -> closing.close(null));
      closer.join();
      pusher.join();
      assertThat(ran.get()).as("round %d", round).isEqualTo(accepted.get());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
