package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.vthread.SchedulerAccess;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the JDK's scheduled executor does, the loop's does: each contract test runs on both. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
@SuppressWarnings({"NullAway", "FutureReturnValueIgnored"}) // tasks without results
final class ScheduledExecutorTest {
  private static final TimeUnit MS = TimeUnit.MILLISECONDS;

  /** The executor under test, and the place from which it is used. */
  enum Kind {
    JDK,
    LOOP_FROM_THREAD,
    LOOP_FROM_COROUTINE,
    VIRTUAL_CLOCK;

    void use(Body body) throws Exception {
      switch (this) {
        case JDK -> {
          var executor = new ScheduledThreadPoolExecutor(2);
          executor.setRemoveOnCancelPolicy(true);
          useAndClose(executor, body);
        }
        case LOOP_FROM_THREAD -> {
          try (EventLoop loop = EventLoop.start("scheduled")) {
            useAndClose(loop.scheduledExecutor(), body);
          }
        }
        case LOOP_FROM_COROUTINE -> {
          try (EventLoop loop = EventLoop.start("scheduled")) {
            loop.goAsync(() -> useAndClose(loop.scheduledExecutor(), body)).await();
          }
        }
        case VIRTUAL_CLOCK -> {
          try (TestLoop loop = TestLoop.open()) {
            loop.run(() -> useAndClose(loop.eventLoop().scheduledExecutor(), body));
          }
        }
      }
    }

    private static void useAndClose(ScheduledExecutorService executor, Body body) throws Exception {
      try {
        body.run(executor);
      } finally {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  interface Body {
    void run(ScheduledExecutorService executor) throws Exception;
  }

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  // ---- the contract ----

  @ParameterizedTest
  @EnumSource
  void delayedTasksReturnTheirResults(Kind kind) throws Exception {
    kind.use(executor -> {
      ScheduledFuture<String> late = executor.schedule(() -> "late", 20, MS);
      assertThat(executor.schedule(() -> "early", 1, MS).get()).isEqualTo("early");
      assertThat(executor.submit(() -> "now").get()).isEqualTo("now");
      assertThat(late.get(50, TimeUnit.SECONDS)).isEqualTo("late");
      assertThat(late.isDone()).isTrue();
      assertThat(late.isCancelled()).isFalse();
      assertThat(late.getDelay(MS)).isLessThanOrEqualTo(0);
      assertThat(late.cancel(true)).isFalse();
      assertThat(late.resultNow()).isEqualTo("late");
      assertThat(executor.schedule(() -> log.add("ran"), -5, MS).get()).isTrue();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFailureIsTheCauseOfTheExecutionException(Kind kind) throws Exception {
    kind.use(executor -> {
      var failed = executor.schedule((Callable<?>) this::fail, 1, MS);
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
      assertThat(failed.exceptionNow()).isInstanceOf(IOException.class);
      var cancelled =
          executor.submit(() -> {
            throw new CancellationException("of its own");
          });
      assertThatThrownBy(cancelled::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(CancellationException.class);
      assertThat(cancelled.isCancelled()).isFalse();
    });
  }

  private Object fail() throws IOException {
    throw new IOException("broken");
  }

  @ParameterizedTest
  @EnumSource
  void aPeriodicTaskRunsUntilItIsCancelled(Kind kind) throws Exception {
    for (boolean fixedRate : new boolean[] {true, false}) {
      kind.use(executor -> {
        AtomicInteger runs = new AtomicInteger();
        var self = new java.util.concurrent.CompletableFuture<ScheduledFuture<?>>();
        Runnable work =
            () -> {
              if (runs.incrementAndGet() == 3) {
                self.join().cancel(false);
              }
            };
        ScheduledFuture<?> periodic =
            fixedRate
                ? executor.scheduleAtFixedRate(work, 1, 1, MS)
                : executor.scheduleWithFixedDelay(work, 1, 1, MS);
        self.complete(periodic);
        assertThatThrownBy(periodic::get).isInstanceOf(CancellationException.class);
        assertThat(periodic.isCancelled()).isTrue();
        executor.shutdown();
        assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(3);
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureEndsAPeriodicTask(Kind kind) throws Exception {
    kind.use(executor -> {
      AtomicInteger runs = new AtomicInteger();
      ScheduledFuture<?> periodic =
          executor.scheduleAtFixedRate(
              () -> {
                if (runs.incrementAndGet() == 2) {
                  throw new IllegalStateException("second run");
                }
              },
              0,
              1,
              MS);
      assertThatThrownBy(periodic::get).hasCauseInstanceOf(IllegalStateException.class);
      executor.shutdown();
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      assertThat(runs).hasValue(2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledTaskNeverRunsAndIsRemoved(Kind kind) throws Exception {
    kind.use(executor -> {
      ScheduledFuture<?> future = executor.schedule(() -> log.add("ran"), 1, TimeUnit.DAYS);
      assertThat(future.getDelay(TimeUnit.HOURS)).isBetween(23L, 24L);
      assertThat(future.cancel(false)).isTrue();
      assertThat(future.cancel(false)).isFalse();
      assertThat(future.isDone()).isTrue();
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      executor.shutdown();
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      assertThat(log).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VIRTUAL_CLOCK")
  void aCancelInterruptsARunningTask(Kind kind) throws Exception {
    kind.use(executor -> {
      Task<?>[] started = new Task<?>[1];
      var entered = new java.util.concurrent.CompletableFuture<Void>();
      ScheduledFuture<?> future =
          executor.schedule(
              () -> {
                entered.complete(null);
                try {
                  GoAsync.sleep(Duration.ofHours(1));
                } catch (CancellationException e) {
                  log.add("interrupted");
                }
              },
              0,
              MS);
      started[0] = Task.from(entered);
      started[0].await();
      assertThat(future.cancel(true)).isTrue();
      executor.shutdown();
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      assertThat(log).containsExactly("interrupted");
    });
  }

  @ParameterizedTest
  @EnumSource
  void shutdownRunsDelayedTasksAndCancelsPeriodicOnes(Kind kind) throws Exception {
    kind.use(executor -> {
      ScheduledFuture<?> delayed = executor.schedule(() -> log.add("delayed"), 20, MS);
      ScheduledFuture<?> periodic =
          executor.scheduleAtFixedRate(() -> log.add("periodic"), 1, 1, TimeUnit.HOURS);
      executor.shutdown();
      assertThat(executor.isShutdown()).isTrue();
      assertThat(executor.isTerminated()).isFalse();
      assertThat(periodic.isCancelled()).isTrue();
      assertThatThrownBy(() -> executor.schedule(() -> "late", 1, MS))
          .isInstanceOf(RejectedExecutionException.class);
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      assertThat(executor.isTerminated()).isTrue();
      assertThat(delayed.isDone()).isTrue();
      assertThat(log).containsExactly("delayed");
    });
  }

  @ParameterizedTest
  @EnumSource
  void shutdownNowReturnsWhatHasNotBegun(Kind kind) throws Exception {
    kind.use(executor -> {
      ScheduledFuture<?> delayed = executor.schedule(() -> log.add("ran"), 1, TimeUnit.HOURS);
      List<Runnable> left = executor.shutdownNow();
      assertThat(left).hasSize(1).first().isSameAs(delayed);
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
      assertThat(delayed.isDone()).isFalse();
      left.getFirst().run();
      assertThat(delayed.isCancelled()).isTrue();
      assertThat(log).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeWaitsForDelayedTasks(Kind kind) throws Exception {
    kind.use(executor -> {
      executor.schedule(() -> log.add("ran"), 10, MS);
      executor.close();
      assertThat(log).containsExactly("ran");
      executor.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aWaitThatIsTooShortReportsThat(Kind kind) throws Exception {
    kind.use(executor -> {
      ScheduledFuture<?> future = executor.schedule(() -> "late", 1, TimeUnit.DAYS);
      assertThatThrownBy(() -> future.get(1, MS)).isInstanceOf(TimeoutException.class);
      executor.shutdown();
      assertThat(executor.awaitTermination(1, MS)).isFalse();
      future.cancel(false);
    });
  }

  @ParameterizedTest
  @EnumSource
  void invokeAllReturnsAllResults(Kind kind) throws Exception {
    kind.use(executor -> {
      List<Callable<String>> calls = List.of(() -> "one", () -> "two");
      var futures = executor.invokeAll(calls);
      assertThat(futures.get(0).get() + futures.get(1).get()).isEqualTo("onetwo");
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "LOOP_FROM_THREAD"})
  void invokeAnyReturnsTheFirstResult(Kind kind) throws Exception {
    kind.use(executor -> {
      List<Callable<String>> calls = List.of(() -> (String) fail(), () -> "one");
      assertThat(executor.invokeAny(calls)).isEqualTo("one");
    });
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAreRefused(Kind kind) throws Exception {
    kind.use(executor -> {
      Runnable none = null;
      assertThatThrownBy(() -> executor.schedule(none, 1, MS))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> executor.schedule(() -> "x", 1, null))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> executor.scheduleAtFixedRate(() -> {}, 0, 0, MS))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> executor.scheduleWithFixedDelay(() -> {}, 0, -1, MS))
          .isInstanceOf(IllegalArgumentException.class);
      ScheduledFuture<?> forEver = executor.schedule(() -> "never", Long.MAX_VALUE, TimeUnit.DAYS);
      assertThat(executor.schedule(() -> "soon", 1, MS).get()).isEqualTo("soon");
      assertThat(forEver.isDone()).isFalse();
    });
  }

  // ---- by the virtual clock ----

  @Test
  void equalDelaysRunInTheOrderOfTheirCalls() throws Exception {
    Kind.VIRTUAL_CLOCK.use(executor -> {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String id = "" + i;
        all.add(id);
        executor.schedule(() -> log.add(id), 1, TimeUnit.HOURS);
      }
      executor.close();
      assertThat(log).isEqualTo(all);
    });
  }

  @Test
  void aFixedRateHasNoDriftAndAFixedDelayCountsFromTheEnd() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        try (ScheduledExecutorService executor = loop.eventLoop().scheduledExecutor()) {
          executor.scheduleAtFixedRate(() -> record(loop, "rate", 300), 1, 1, TimeUnit.SECONDS);
          executor.scheduleWithFixedDelay(() -> record(loop, "delay", 500), 1, 1, TimeUnit.SECONDS);
          GoAsync.sleep(Duration.ofMillis(4200));
        }
      });
    }
    assertThat(log)
        .containsExactly(
            "rate PT1S",
            "delay PT1S",
            "rate PT2S",
            "delay PT2.5S",
            "rate PT3S",
            "delay PT4S",
            "rate PT4S");
  }

  private void record(TestLoop loop, String what, int millis) {
    log.add(what + " " + loop.elapsed());
    GoAsync.sleep(Duration.ofMillis(millis));
  }

  @Test
  void aRunThatIsLateIsFollowedByTheMissedOnes() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        try (ScheduledExecutorService executor = loop.eventLoop().scheduledExecutor()) {
          executor.scheduleAtFixedRate(
              () -> record(loop, "run", log.isEmpty() ? 2500 : 0), 1, 1, TimeUnit.SECONDS);
          GoAsync.sleep(Duration.ofMillis(4200));
        }
      });
    }
    assertThat(log).containsExactly("run PT1S", "run PT3.5S", "run PT3.5S", "run PT4S");
  }

  @Test
  void aCancelOfTheCallerOfCloseInterruptsTheTasks() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        ScheduledExecutorService executor = loop.eventLoop().scheduledExecutor();
        executor.execute(() -> GoAsync.sleep(Duration.ofHours(1)));
        assertThatThrownBy(() -> GoAsync.withTimeout(Duration.ofSeconds(1), executor::close))
            .isInstanceOf(DeadlineExceededException.class);
        assertThat(executor.isTerminated()).isTrue();
      });
      if (SchedulerAccess.isFullMode()) { // in portable mode the clock does not wait for interrupts
        assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(1));
      }
    }
  }

  @Test
  void theCloseOfTheLoopCancelsWhatIsQueued() throws Exception {
    EventLoop loop = EventLoop.start("closed");
    ScheduledExecutorService executor = loop.scheduledExecutor();
    ScheduledFuture<?> delayed = executor.schedule(() -> "never", 1, TimeUnit.HOURS);
    CountDownLatch queued = new CountDownLatch(1);
    executor.execute(queued::countDown);
    queued.await();
    loop.close();
    assertThatThrownBy(delayed::get).isInstanceOf(CancellationException.class);
    assertThat(executor.awaitTermination(1, TimeUnit.DAYS)).isTrue();
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(loop::scheduledExecutor).isInstanceOf(RejectedExecutionException.class);
  }
}
