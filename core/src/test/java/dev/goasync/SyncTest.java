package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class SyncTest {
  private final EventLoop loop = EventLoop.start("sync test");
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void outsideCoroutinesItJustRuns() throws Exception {
    assertThat(sync(() -> Thread.currentThread())).isSameAs(Thread.currentThread());
    assertThatThrownBy(() ->
            sync(() -> {
              throw new IOException("as is");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("as is");
  }

  @Test
  void noOtherCoroutineRunsMeanwhile() throws Exception {
    Task<?> syncing =
        loop.goAsync(() -> {
          Task<?> other = goAsync(() -> events.add("other"));
          sync(() -> {
            sleep(Duration.ofMillis(1)); // blocks the thread: no other coroutine runs
            GoAsync.yield();
            events.add("sync");
          });
          other.await();
        });
    syncing.await();
    assertThat(events).containsExactly("sync", "other");
  }

  @Test
  void waitsOfTheJdkWorkInside() throws Exception {
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    CountDownLatch inside = new CountDownLatch(1);
    Task<String> taking =
        loop.goAsync(() -> {
          goAsync(() -> events.add("other"));
          return sync(() -> {
            inside.countDown();
            String taken = queue.take();
            events.add("taken");
            return taken;
          });
        });
    inside.await();
    queue.add("gift");
    assertThat(taking.await()).isEqualTo("gift");
    loop.close();
    assertThat(events).containsExactly("taken", "other");
  }

  @Test
  void syncMayNest() throws Exception {
    Task<String> nested = loop.goAsync(() -> sync(() -> sync(() -> "inner") + sync(() -> "outer")));
    assertThat(nested.await()).isEqualTo("innerouter");
  }

  @Test
  void afterSyncTheCoroutinePausesAgain() throws Exception {
    Task<?> task =
        loop.goAsync(() -> {
          try {
            sync(() -> {
              throw new IOException("expected");
            });
          } catch (IOException expected) {
            events.add("caught");
          }
          goAsync(() -> events.add("other")).await();
        });
    task.await();
    assertThat(events).containsExactly("caught", "other");
  }

  @Test
  void awaitingTheOwnLoopInsideIsRefused() throws Exception {
    Task<?> task =
        loop.goAsync(() -> {
          Task<?> other = goAsync("sibling", () -> events.add("other"));
          assertThatThrownBy(() -> sync(() -> other.await()))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("sibling")
              .hasMessageContaining("sync");
          other.await();
          sync(() -> other.await());
        });
    task.await();
    assertThat(events).containsExactly("other");
  }

  @Test
  void awaitingAnotherLoopInsideBlocks() throws Exception {
    try (EventLoop elsewhere = EventLoop.start()) {
      Task<Integer> there = elsewhere.goAsync(() -> 7);
      Task<Integer> here = loop.goAsync(() -> sync(() -> there.await()));
      assertThat(here.await()).isEqualTo(7);
    }
  }

  @Test
  void offloadInsideRunsOnTheSpot() throws Exception {
    Task<Boolean> task =
        loop.goAsync(() -> {
          Thread me = Thread.currentThread();
          return sync(() -> GoAsync.offload(() -> Thread.currentThread() == me));
        });
    assertThat(task.await()).isTrue();
  }
}
