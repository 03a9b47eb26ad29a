package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop as the executor and the thread factory that libraries take. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class LoopExecutorTest {
  private final EventLoop loop = EventLoop.start("executor test");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void tasksRunAsCoroutinesOfTheLoop() throws Exception {
    try (ExecutorService executor = loop.executor()) {
      Future<EventLoop> future =
          executor.submit(() -> {
            GoAsync.yield();
            return EventLoop.currentOrDefault();
          });
      assertThat(future.get()).isSameAs(loop);
    }
    assertThat(loop.goAsync(() -> "open").await()).isEqualTo("open");
  }

  @Test
  void invokeAllReturnsAllResults() throws Exception {
    int[] unguarded = {0};
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int id = i;
      calls.add(() -> {
        int seen = unguarded[0];
        unguarded[0] = seen + 1;
        GoAsync.yield();
        return id;
      });
    }
    try (ExecutorService executor = loop.executor()) {
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> future : executor.invokeAll(calls)) {
        results.add(future.get());
      }
      assertThat(results).hasSize(50).isSorted();
    }
    assertThat(unguarded[0]).isEqualTo(50);
  }

  @Test
  void failureIsTheFutures() throws Exception {
    try (ExecutorService executor = loop.executor()) {
      Future<?> future =
          executor.submit(() -> {
            throw new IOException("expected");
          });
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void cancelOfAFutureEndsThePauseOfItsCoroutine() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (ExecutorService executor = loop.executor()) {
      Future<?> future =
          executor.submit(() -> {
            begun.countDown();
            try {
              GoAsync.sleep(Duration.ofDays(1));
            } finally {
              ended.countDown();
            }
          });
      begun.await();
      future.cancel(true);
      ended.await();
      assertThat(future.isCancelled()).isTrue();
    }
  }

  @Test
  void shutdownNowEndsAllPauses() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    ExecutorService executor = loop.executor();
    for (int i = 0; i < 2; i++) {
      executor.execute(() -> {
        begun.countDown();
        try {
          GoAsync.sleep(Duration.ofDays(1));
        } catch (java.util.concurrent.CancellationException expected) {
          // the end
        }
      });
    }
    begun.await();
    executor.shutdownNow();
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void threadOfTheFactoryIsACoroutine() throws Exception {
    AtomicReference<EventLoop> seen = new AtomicReference<>();
    Thread thread =
        loop.threadFactory()
            .newThread(() -> {
              GoAsync.goAsync(() -> {}).await();
              seen.set(EventLoop.currentOrDefault());
            });
    assertThat(thread.isVirtual()).isTrue();
    thread.start();
    thread.join();
    assertThat(seen).hasValue(loop);
  }

  @Test
  void threadsOfTheFactoryRunOneAtATime() throws Exception {
    int[] unguarded = {0};
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      threads.add(
          loop.threadFactory()
              .newThread(() -> {
                for (int i = 0; i < 100; i++) {
                  int seen = unguarded[0];
                  unguarded[0] = seen + 1;
                  GoAsync.yield();
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(unguarded[0]).isEqualTo(2_000);
  }

  @Test
  void uncaughtExceptionOfAThreadGoesToTheDefaultHandler() throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    AtomicReference<Throwable> uncaught = new AtomicReference<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.set(error));
    try {
      Thread thread =
          loop.threadFactory()
              .newThread(() -> {
                throw new IllegalStateException("expected");
              });
      thread.start();
      thread.join();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(uncaught.get()).hasMessage("expected");
  }
}
