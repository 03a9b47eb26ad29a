package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.sync.Event;
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

  // ---- names, daemons and limits ----

  @Test
  void threadsOfAPrefixHaveNumberedNames() throws Exception {
    var factory = loop.threadFactory("worker-", false);
    List<String> names = new ArrayList<>();
    Thread first = factory.newThread(() -> names.add(Thread.currentThread().getName()));
    Thread second = factory.newThread(() -> names.add(Thread.currentThread().getName()));
    first.start();
    first.join(); // in portable mode the threads come to the loop in any order
    second.start();
    second.join();
    assertThat(names).containsExactly("worker-1", "worker-2");
  }

  @Test
  void closeCancelsDaemonsAndDoesNotWaitForThem() throws Exception {
    EventLoop closed = EventLoop.start("with daemons");
    List<String> ended = new ArrayList<>();
    CountDownLatch entered = new CountDownLatch(2);
    var factory = closed.threadFactory("daemon-", true);
    factory
        .newThread(() -> {
          entered.countDown();
          try {
            GoAsync.sleep(Duration.ofDays(1));
          } finally {
            ended.add("in a wait of the library");
          }
        })
        .start();
    if (GoAsync.describe().contains("full mode")) { // in portable mode such a wait blocks the loop
      factory
          .newThread(() -> {
            entered.countDown();
            while (true) {
              java.util.concurrent.locks.LockSupport.park();
              Thread.interrupted();
            }
          })
          .start();
    } else {
      entered.countDown();
    }
    entered.await();
    closed.close();
    assertThat(ended).containsExactly("in a wait of the library");
  }

  @Test
  void runReturnsWhenOnlyDaemonsAreLeft() throws Exception {
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try (EventLoop own = EventLoop.onCurrentThread()) {
                var factory = own.threadFactory("daemon-", true);
                factory.newThread(() -> GoAsync.sleep(Duration.ofDays(1))).start();
                own.goAsync(() -> GoAsync.sleep(Duration.ofMillis(1)));
                own.run();
              }
            });
    thread.join();
  }

  @Test
  void aLimitedExecutorQueuesFurtherTasks() throws Exception {
    int[] running = {0, 0};
    List<Integer> order = new ArrayList<>();
    try (ExecutorService executor = loop.executor(3)) {
      for (int i = 0; i < 20; i++) {
        int id = i;
        executor.execute(() -> {
          order.add(id);
          running[1] = Math.max(running[1], ++running[0]);
          GoAsync.sleep(Duration.ofMillis(1));
          running[0]--;
        });
      }
    }
    assertThat(running[1]).isEqualTo(3);
    assertThat(order).hasSize(20).isSorted();
    assertThatThrownBy(() -> loop.executor(0)).hasMessage("maxConcurrency must be positive: 0");
  }

  @Test
  void aLimitedExecutorSkipsCancelledTasks() throws Exception {
    List<String> log = new ArrayList<>();
    try (ExecutorService executor = loop.executor(1)) {
      Event gate = Event.manualReset(loop);
      executor.execute(gate::await);
      Future<?> second = executor.submit(() -> log.add("second"));
      Future<?> third = executor.submit(() -> log.add("third"));
      assertThat(second.cancel(true)).isTrue();
      gate.set();
      third.get();
    }
    assertThat(log).containsExactly("third");
  }
}
