package dev.goasync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.vthread.SchedulerAccess;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class GoAsyncTest {
  @Test
  void valueOfTheBodyIsTheResult() {
    Task<String> task = goAsync(() -> "value");
    assertThat(task.await()).isEqualTo("value");
  }

  @Test
  void bodyMayReturnNullOrNothing() {
    List<String> events = new ArrayList<>();
    Task<?> nothing = goAsync(() -> events.add("ran"));
    nothing.await();
    Task<?> nil = GoAsync.<Object>goAsync(() -> null);
    assertThat((Object) nil.await()).isNull();
    assertThat(nil.isCompleted()).isTrue();
    assertThat(events).containsExactly("ran");
  }

  @Test
  void bodyMayThrow() {
    Task<?> task =
        goAsync(() -> {
          throw new IOException("from the body");
        });
    assertThatThrownBy(task::await).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void nameIsTheTasksAndTheThreads() {
    Task<String> named = goAsync("crawler", () -> Thread.currentThread().getName());
    assertThat(named.await()).isEqualTo("crawler");
    assertThat(named.name()).isEqualTo("crawler");
    assertThat(named.toString()).contains("\"crawler\"").contains("GoAsyncTest.java:");
    Task<?> action = goAsync("action", () -> {});
    action.await();
    assertThat(action.name()).isEqualTo("action");
    Task<?> unnamed = goAsync(() -> {});
    unnamed.await();
    assertThat(unnamed.name()).isNull();
  }

  @Test
  void startReturnsBeforeTheBodyRuns() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      List<String> events = new ArrayList<>();
      loop.run(() -> {
        Task<?> task = goAsync(() -> events.add("body"));
        events.add("started");
        task.await();
      });
      assertThat(events).containsExactly("started", "body");
    }
  }

  @Test
  void coroutinesOfACoroutineRunOnItsLoop() {
    try (EventLoop loop = EventLoop.start("home")) {
      Task<String> inner =
          loop.goAsync(() -> goAsync(() -> EventLoop.currentOrDefault().name()).await());
      assertThat(inner.await()).isEqualTo("home");
    }
  }

  @Test
  void sleepInACoroutinePausesItAlone() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      List<String> events = new ArrayList<>();
      loop.run(() ->
          awaitAll(
              goAsync(() -> {
                sleep(Duration.ofHours(2));
                events.add("two");
              }),
              goAsync(() -> {
                sleep(Duration.ofHours(1));
                events.add("one");
              })));
      assertThat(events).containsExactly("one", "two");
      assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(2));
    }
  }

  @Test
  void sleepOfAPlainThreadIsEndedByInterrupt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> sleep(Duration.ofDays(1))).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("status kept").isTrue();
  }

  @Test
  void sleepOfNothingReturns() throws Exception {
    sleep(Duration.ZERO);
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> sleep(Duration.ZERO));
      assertThat(loop.elapsed()).isZero();
    }
  }

  @Test
  void yieldLetsTheOthersRunFirstInTurn() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      List<String> events = new ArrayList<>();
      loop.run(() -> {
        List<Task<?>> tasks = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
          tasks.add(
              goAsync(() -> {
                events.add(name + 1);
                GoAsync.yield();
                events.add(name + 2);
              }));
        }
        awaitAll(tasks);
      });
      assertThat(events).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
    }
  }

  @Test
  void yieldOfAPlainThreadReturns() {
    GoAsync.yield();
  }

  @Test
  void awaitWorksFromThreadCoroutineAndAnotherLoopsCoroutine() {
    try (EventLoop one = EventLoop.start();
        EventLoop other = EventLoop.start()) {
      Task<Integer> slow =
          one.goAsync(() -> {
            GoAsync.yield();
            return 1;
          });
      Task<Integer> sameLoop = one.goAsync(() -> slow.await() + 1);
      Task<Integer> otherLoop = other.goAsync(() -> sameLoop.await() + 1);
      assertThat(otherLoop.await()).isEqualTo(3);
    }
  }

  @Test
  void oneAtATimeSoThatACounterNeedsNoLock() {
    int coroutines = 100;
    int rounds = 100;
    int[] counter = {0};
    try (EventLoop loop = EventLoop.start()) {
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < coroutines; i++) {
        tasks.add(
            loop.goAsync(() -> {
              for (int round = 0; round < rounds; round++) {
                int seen = counter[0];
                counter[0] = seen + 1;
                GoAsync.yield();
              }
            }));
      }
      awaitAll(tasks);
    }
    assertThat(counter[0]).isEqualTo(coroutines * rounds);
  }

  @Test
  void describeNamesModeAndBackend() {
    assertThat(GoAsync.describe())
        .contains(SchedulerAccess.isFullMode() ? "full mode" : "portable mode")
        .contains("backend: ")
        .contains(Runtime.version().toString());
  }
}
