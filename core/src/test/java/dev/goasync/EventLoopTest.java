package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class EventLoopTest {
  @Test
  void ownThreadRunsTheCoroutines() {
    try (EventLoop loop = EventLoop.start("named")) {
      assertThat(loop.name()).isEqualTo("named");
      assertThat(loop.goAsync(() -> EventLoop.currentOrDefault()).await()).isSameAs(loop);
      assertThat(loop.toString()).contains("named");
    }
  }

  @Test
  void loopOfTheCurrentThreadRunsOnlyWhileTheThreadLendsItself() {
    try (EventLoop loop = EventLoop.onCurrentThread()) {
      assertThat(EventLoop.onCurrentThread()).isSameAs(loop);
      assertThat(EventLoop.currentOrDefault()).isSameAs(loop);
      List<String> events = new ArrayList<>();
      Task<?> first = GoAsync.goAsync(() -> events.add("first"));
      GoAsync.goAsync(() -> events.add("second"));
      assertThat(events).isEmpty();
      first.await();
      assertThat(events).contains("first");
      loop.run();
      assertThat(events).containsExactly("first", "second");
      loop.run();
    }
  }

  @Test
  void runOfALoopWithAThreadOfItsOwnIsRefused() {
    try (EventLoop loop = EventLoop.start()) {
      assertThatThrownBy(loop::run).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void severalThreadsHaveALoopEach() throws Exception {
    int threads = 4;
    List<Thread> started = new ArrayList<>();
    List<EventLoop> loops = java.util.Collections.synchronizedList(new ArrayList<>());
    int[] sums = new int[threads];
    for (int t = 0; t < threads; t++) {
      int id = t;
      started.add(
          Thread.ofPlatform()
              .start(() -> {
                try (EventLoop mine = EventLoop.onCurrentThread()) {
                  loops.add(mine);
                  for (int i = 0; i < 100; i++) {
                    GoAsync.goAsync(() -> {
                      GoAsync.yield();
                      sums[id]++;
                    });
                  }
                  mine.run();
                }
              }));
    }
    for (Thread thread : started) {
      thread.join();
    }
    assertThat(loops).doesNotHaveDuplicates().hasSize(threads);
    assertThat(sums).containsOnly(100);
  }

  @Test
  void closeWaitsForTheCoroutines() {
    List<String> events = new ArrayList<>();
    try (EventLoop loop = EventLoop.start()) {
      loop.goAsync(() -> {
        for (int i = 0; i < 10; i++) {
          GoAsync.yield();
        }
        GoAsync.goAsync(() -> events.add("child"));
        events.add("parent");
      });
    }
    assertThat(events).containsExactly("parent", "child");
  }

  @Test
  void closeNowCancelsTheCoroutines() throws Exception {
    EventLoop loop = EventLoop.start();
    CountDownLatch begun = new CountDownLatch(1);
    Task<?> sleeper =
        loop.goAsync(() -> {
          begun.countDown();
          GoAsync.sleep(Duration.ofDays(1));
        });
    begun.await();
    loop.closeNow();
    assertThat(sleeper.isCancelled()).isTrue();
    assertThatThrownBy(sleeper::await)
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void interruptedCloseCancelsAndStillWaits() throws Exception {
    EventLoop loop = EventLoop.start();
    CountDownLatch begun = new CountDownLatch(1);
    Task<?> sleeper =
        loop.goAsync(() -> {
          begun.countDown();
          GoAsync.sleep(Duration.ofDays(1));
        });
    begun.await();
    Thread.currentThread().interrupt();
    loop.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sleeper.isCancelled()).isTrue();
  }

  @Test
  void closeByAnOwnCoroutineIsRefused() {
    try (EventLoop loop = EventLoop.start()) {
      Task<?> suicidal = loop.goAsync(loop::close);
      assertThatThrownBy(suicidal::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("own coroutines");
      assertThat(loop.goAsync(() -> "still open").await()).isEqualTo("still open");
    }
  }

  @Test
  void closeTwiceDoesNothingMore() {
    EventLoop loop = EventLoop.start();
    loop.close();
    loop.close();
    loop.closeNow();
    EventLoop own = EventLoop.onCurrentThread();
    own.close();
    own.close();
  }

  @Test
  void closedLoopTakesNoCoroutine() {
    EventLoop loop = EventLoop.start("gone");
    loop.close();
    assertThatThrownBy(() -> loop.goAsync(() -> {}))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("gone");
    EventLoop own = EventLoop.onCurrentThread();
    own.close();
    assertThatThrownBy(() -> own.goAsync(() -> {})).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(own::run).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closedLoopOfAThreadGivesWayToANewOne() {
    EventLoop first = EventLoop.onCurrentThread();
    first.close();
    try (EventLoop second = EventLoop.onCurrentThread()) {
      assertThat(second).isNotSameAs(first);
      assertThat(GoAsync.goAsync(() -> 1).await()).isEqualTo(1);
    }
  }

  @Test
  void loopOfAnotherThreadCannotBeClosedHere() throws Exception {
    AtomicReference<EventLoop> loop = new AtomicReference<>();
    CountDownLatch made = new CountDownLatch(1);
    CountDownLatch tried = new CountDownLatch(1);
    Thread owner =
        Thread.ofPlatform()
            .start(() -> {
              try (EventLoop mine = EventLoop.onCurrentThread()) {
                loop.set(mine);
                made.countDown();
                tried.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    made.await();
    assertThatThrownBy(() -> loop.get().close()).isInstanceOf(IllegalStateException.class);
    tried.countDown();
    owner.join();
  }

  @Test
  void statisticsCountCoroutinesAndSwitches() {
    try (EventLoop loop = EventLoop.start()) {
      int inside = loop.goAsync(() -> loop.statistics().coroutines()).await();
      assertThat(inside).isEqualTo(1);
      assertThat(loop.statistics().switches()).isPositive();
      assertThat(loop.statistics().turns()).isPositive();
    }
  }

  @Test
  void statisticsCountTheEndsOfTasksAndWhatWaits() {
    try (EventLoop loop = EventLoop.start()) {
      loop.goAsync(
              () -> {
                Task<?> failing =
                    GoAsync.goAsync(() -> {
                      throw new IllegalStateException("planned");
                    });
                assertThatThrownBy(failing::await).hasMessageContaining("planned");
                Task<?> sleeping = GoAsync.goAsync(() -> GoAsync.sleep(Duration.ofHours(1)));
                Task<?> neverBegun = GoAsync.goAsync(() -> {});
                neverBegun.cancel();
                GoAsync.yield();
                EventLoop.Statistics now = loop.statistics();
                assertThat(now.timers()).isEqualTo(1);
                assertThat(now.inFlight()).isZero();
                loop.execute(() -> {});
                assertThat(loop.statistics().ready()).isEqualTo(now.ready() + 1);
                sleeping.cancel();
                assertThatThrownBy(sleeping::await).isInstanceOf(CancellationException.class);
              })
          .await();
      EventLoop.Statistics end = loop.statistics();
      assertThat(end.started()).isEqualTo(4);
      assertThat(end.failed()).isEqualTo(1);
      assertThat(end.cancelled()).isEqualTo(2);
    }
  }

  @Test
  void allContainsALoopUntilItsEnd() {
    EventLoop loop = EventLoop.start();
    assertThat(EventLoop.all()).contains(loop);
    loop.close();
    assertThat(EventLoop.all()).doesNotContain(loop);
  }

  @Test
  void groupTakesItsLoopsInTurn() {
    try (EventLoopGroup group = EventLoopGroup.start(3)) {
      assertThat(group.loops()).hasSize(3).doesNotHaveDuplicates();
      List<EventLoop> seen = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        seen.add(group.goAsync(() -> EventLoop.currentOrDefault()).await());
      }
      assertThat(seen.subList(0, 3)).containsExactlyElementsOf(group.loops());
      assertThat(seen.subList(3, 6)).containsExactlyElementsOf(group.loops());
    }
  }

  @Test
  void groupClosesAllItsLoops() throws Exception {
    EventLoopGroup group = EventLoopGroup.start(2);
    CountDownLatch begun = new CountDownLatch(2);
    List<Task<?>> sleepers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sleepers.add(
          group.goAsync(() -> {
            begun.countDown();
            GoAsync.sleep(Duration.ofDays(1));
          }));
    }
    begun.await();
    group.closeNow();
    assertThat(sleepers).allMatch(Task::isCancelled);
    group.close();
    assertThatThrownBy(() -> group.goAsync(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void sleepInACallbackOnTheLoopsThreadThrowsAsAwaitDoes() throws Exception {
    try (EventLoop loop = EventLoop.start("with a callback")) {
      Task<?> never = Task.from(new CompletableFuture<>());
      var thrown = new CompletableFuture<List<Throwable>>();
      loop.loop()
          .execute(() ->
              thrown.complete(
                  List.of(
                      catchThrowable(never::await),
                      catchThrowable(() -> GoAsync.sleep(Duration.ofDays(1))))));
      assertThat(thrown.get())
          .allSatisfy(each ->
              assertThat(each)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("a callback on its thread must not wait"));
    }
  }
}
