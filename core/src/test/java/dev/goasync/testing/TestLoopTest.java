package dev.goasync.testing;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.offload;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.DeadlockException;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.sync.Event;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class TestLoopTest {
  @Test
  void timersFireInOrderOfTheirTimesAndTheClockJumps() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      List<String> events = new ArrayList<>();
      loop.run(() -> {
        List<Task<?>> tasks = new ArrayList<>();
        for (int hours : new int[] {3, 1, 2}) {
          tasks.add(
              goAsync(() -> {
                sleep(Duration.ofHours(hours));
                events.add(hours + " at " + loop.elapsed());
              }));
        }
        dev.goasync.GoAsync.awaitAll(tasks);
      });
      assertThat(events).containsExactly("1 at PT1H", "2 at PT2H", "3 at PT3H");
      assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(3));
    }
  }

  @Test
  void workTakesNoTime() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        for (int i = 0; i < 1_000; i++) {
          dev.goasync.GoAsync.yield();
        }
      });
      assertThat(loop.elapsed()).isZero();
    }
  }

  @Test
  void clockStandsStillDuringAnOffloadedCall() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<?> sleeper = goAsync(() -> sleep(Duration.ofDays(1)));
        Task<?> offloading = goAsync(() -> offload(() -> goOn.await()));
        goAsync(goOn::countDown).await();
        offloading.await();
        assertThat(loop.elapsed()).isZero();
        sleeper.await();
      });
      assertThat(loop.elapsed()).isEqualTo(Duration.ofDays(1));
    }
  }

  @Test
  void clockStandsStillWhileAForeignFutureIsAwaited() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        Task<?> sleeper = goAsync(() -> sleep(Duration.ofDays(1)));
        Thread completer = Thread.ofPlatform().start(() -> future.complete("done"));
        Task.from(future).await();
        assertThat(loop.elapsed()).isZero();
        completer.join();
        sleeper.cancel();
      });
    }
  }

  @Test
  void runOnAnotherThreadThrows() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      var thrown = new CompletableFuture<Throwable>();
      Thread other =
          Thread.ofPlatform()
              .start(() -> thrown.complete(catchThrowable(() -> loop.run(() -> {}))));
      assertThat(thrown.get())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("call it on the thread that opened the loop");
      other.join();
    }
  }

  /** A thread that was there before, like those of a test framework, does not hide a deadlock. */
  @Test
  void deadlockIsReportedAlthoughAThreadOfBeforeIsAlive() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread before = Thread.ofPlatform().start(() -> await(end));
    try (TestLoop loop = TestLoop.with().reportDeadlocks(true).open()) {
      assertThatThrownBy(() -> loop.run(() -> Event.manualReset(loop.eventLoop()).await()))
          .isInstanceOf(DeadlockException.class);
    } catch (AssertionError leftBehind) {
      assertThat(leftBehind).hasMessageContaining("left behind");
    } finally {
      end.countDown();
      before.join();
    }
  }

  @Test
  void threadThatTheTestStartedMayWakeACoroutine() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestLoop loop = TestLoop.with().reportDeadlocks(true).open()) {
      Event event = Event.manualReset(loop.eventLoop());
      Thread waker =
          Thread.ofPlatform()
              .start(() -> {
                await(goOn);
                event.set();
              });
      loop.run(() -> {
        goAsync(goOn::countDown);
        event.await();
      });
      waker.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void runInsideACoroutineOfTheLoopThrows() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() ->
          assertThatThrownBy(() -> loop.run(() -> {})).isInstanceOf(IllegalStateException.class));
    }
  }

  @Test
  void runThrowsWhatTheBodyThrew() {
    try (TestLoop loop = TestLoop.open()) {
      IOException thrown = new IOException("as it is");
      assertThatThrownBy(() ->
              loop.run(() -> {
                throw thrown;
              }))
          .isSameAs(thrown);
    }
  }

  @Test
  void assertionErrorOfTheBodyFailsTheTest() {
    try (TestLoop loop = TestLoop.open()) {
      assertThatThrownBy(() -> loop.run(() -> assertThat(1).isEqualTo(2)))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void coroutinesMayGoOnInTheNextRun() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      List<Task<?>> tasks = new ArrayList<>();
      loop.run(() -> tasks.add(goAsync(() -> sleep(Duration.ofSeconds(5)))));
      assertThat(loop.elapsed()).isZero();
      loop.run(() -> tasks.getFirst().await());
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void leftOverCoroutineIsNamedAndCancelled() throws Exception {
    TestLoop loop = TestLoop.open();
    List<String> events = new ArrayList<>();
    loop.run(() -> {
      goAsync(
          "forgotten one",
          () -> {
            try {
              sleep(Duration.ofDays(1));
            } finally {
              events.add("cleaned up");
            }
          });
      dev.goasync.GoAsync.yield();
    });
    assertThatThrownBy(loop::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("forgotten one")
        .hasMessageContaining("TestLoopTest.java");
    assertThat(events).containsExactly("cleaned up");
    loop.close();
  }

  @Test
  void clockCanBeMovedByHand() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.advance(Duration.ofMinutes(1));
      assertThat(loop.elapsed()).isEqualTo(Duration.ofMinutes(1));
      Task<?> task = loop.eventLoop().goAsync(() -> sleep(Duration.ofSeconds(1)));
      task.await();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(61));
      assertThatThrownBy(() -> loop.advance(Duration.ofNanos(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("duration");
    }
  }

  @Test
  void threadHasOneLoopAtATime() {
    try (TestLoop loop = TestLoop.open()) {
      assertThat(EventLoop.currentOrDefault()).isSameAs(loop.eventLoop());
      assertThatThrownBy(TestLoop::open).isInstanceOf(IllegalStateException.class);
    }
    TestLoop.open().close();
  }
}
