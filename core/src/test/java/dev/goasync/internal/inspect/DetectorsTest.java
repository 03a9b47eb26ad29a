package dev.goasync.internal.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.sync.Channel;
import dev.goasync.testkit.FirstLogged;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The detectors find long turns and long waits; the tests are their thread and their clock. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class DetectorsTest {
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration HOUR = Duration.ofHours(1);

  @RegisterExtension final FirstLogged logged = new FirstLogged();

  private final EventLoop events = EventLoop.start("watched");
  private final Loop loop = SharedSecrets.get().loopOf(events);

  @AfterEach
  void close() {
    events.closeNow();
  }

  // ---- long turns ----

  /** Blocks the thread of the loop, in both modes: a spin does not unmount. */
  private static void blockLoop(CountDownLatch begun, CountDownLatch end) {
    begun.countDown();
    while (end.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLongTurnIsLoggedWithItsLineAndCounted() throws Exception {
    StallDetector detector = new StallDetector(LIMIT);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    events.goAsync("blocking", () -> blockLoop(begun, end));
    begun.await();
    try {
      detector.sample(List.of(loop), 0);
      detector.sample(List.of(loop), LIMIT - 1);
      assertThat(logged.message()).as("before the limit").isNotDone();
      detector.sample(List.of(loop), LIMIT);
      assertThat(logged.message().getNow("nothing"))
          .startsWith("watched has run nothing else for 100 ms: task \"blocking\" started at ")
          .contains("at dev.goasync.internal.inspect.DetectorsTest.blockLoop(");
    } finally {
      end.countDown();
    }
    events.goAsync(() -> 1).await();
    detector.sample(List.of(loop), 3 * LIMIT);
    assertThat(detector.stalls())
        .singleElement()
        .satisfies(stall -> {
          assertThat(logged.message().getNow("")).contains("is at " + stall.place());
          assertThat(stall.count()).isEqualTo(1);
          assertThat(stall.longest()).isEqualTo(Duration.ofMillis(300));
        });
  }

  @Test
  void aLoopThatSleepsOrGoesOnIsNotStalled() throws Exception {
    StallDetector detector = new StallDetector(LIMIT);
    events.goAsync(() -> GoAsync.sleep(HOUR));
    Waiting.until(() -> !Inspection.isBusy(loop));
    detector.sample(List.of(loop), 0);
    detector.sample(List.of(loop), 10 * LIMIT);
    events.goAsync(() -> 1).await();
    detector.sample(List.of(loop), 20 * LIMIT);
    assertThat(logged.message()).isNotDone();
    assertThat(detector.stalls()).isEmpty();
  }

  // ---- long waits ----

  @Test
  void aLongWaitIsLoggedOnceWithItsLine() {
    LongWaits detector = new LongWaits(Duration.ofSeconds(60));
    events.goAsync("patient", () -> GoAsync.sleep(HOUR));
    events.goAsync(() -> 1).await();
    for (int i = 0; i < 4; i++) {
      detector.sweep(loop, Long.MAX_VALUE);
    }
    assertThat(logged.message()).as("three intervals have passed").isNotDone();
    detector.sweep(loop, Long.MAX_VALUE);
    assertThat(logged.message().getNow(""))
        .startsWith("1 task has waited for more than 60000 ms\n    task \"patient\" started at ")
        .contains("waits for a timer that fires in ");
  }

  /** The waits of a channel reuse their objects. */
  @Test
  void aCoroutineThatGoesOnBetweenTheSweepsIsNotReported() {
    LongWaits detector = new LongWaits(Duration.ofSeconds(60));
    Channel<Integer> requests = Channel.rendezvous(events);
    events.goAsync(() -> {
      while (true) {
        var _ = requests.receive();
      }
    });
    for (int i = 0; i < 10; i++) {
      events.goAsync(() -> requests.send(1)).await();
      events.goAsync(() -> 1).await();
      detector.sweep(loop, Long.MAX_VALUE);
    }
    assertThat(logged.message()).isNotDone();
    for (int i = 0; i < 5; i++) {
      detector.sweep(loop, Long.MAX_VALUE);
    }
    assertThat(logged.message()).as("now it waits").isDone();
  }
}
