package dev.goasync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the JDK offers threads works in coroutines, which are threads. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class JdkInCoroutinesTest {
  private static final String BLOCKS = "a wait inside the JDK blocks its loop there";

  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  private final EventLoop loop = EventLoop.start("jdk test");
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void threadLocalIsTheCoroutines() {
    List<Task<?>> tasks = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      tasks.add(
          loop.goAsync(() -> {
            assertThat(LOCAL.get()).isNull();
            LOCAL.set(name);
            GoAsync.yield();
            assertThat(LOCAL.get()).isEqualTo(name);
          }));
    }
    awaitAll(tasks);
  }

  @Test
  void scopedValueIsKeptAcrossPauses() {
    List<Task<?>> tasks = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      tasks.add(
          loop.goAsync(() ->
              ScopedValue.where(SCOPED, name)
                  .run(() -> {
                    GoAsync.yield();
                    assertThat(SCOPED.get()).isEqualTo(name);
                  })));
    }
    awaitAll(tasks);
  }

  @Test
  void pauseInsideSynchronizedLetsOthersRun() {
    Object monitor = new Object();
    Task<?> holder =
        loop.goAsync(() -> {
          synchronized (monitor) {
            goAsync(() -> events.add("other")).await();
            events.add("holder");
          }
        });
    holder.await();
    assertThat(events).containsExactly("other", "holder");
  }

  @Test
  void contendedMonitorPausesTheCoroutine() {
    Modes.assumeFullMode(BLOCKS);
    Object monitor = new Object();
    Task<?> holder =
        loop.goAsync(() -> {
          synchronized (monitor) {
            Task<?> contender =
                goAsync(() -> {
                  events.add("contends");
                  synchronized (monitor) {
                    events.add("contender");
                  }
                });
            GoAsync.yield();
            goAsync(() -> {}).await();
            events.add("holder");
            assertThat(contender.isCompleted()).isFalse();
          }
        });
    holder.await();
    loop.close();
    assertThat(events).containsExactly("contends", "holder", "contender");
  }

  @Test
  void contendedLockPausesTheCoroutine() {
    Modes.assumeFullMode(BLOCKS);
    ReentrantLock lock = new ReentrantLock();
    int[] unguarded = {0};
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tasks.add(
          loop.goAsync(() -> {
            lock.lock();
            try {
              int seen = unguarded[0];
              GoAsync.yield();
              unguarded[0] = seen + 1;
            } finally {
              lock.unlock();
            }
          }));
    }
    awaitAll(tasks);
    assertThat(unguarded[0]).isEqualTo(10);
  }

  @Test
  void uncontendedLockWorks() {
    ReentrantLock lock = new ReentrantLock();
    Task<?> task =
        loop.goAsync(() -> {
          lock.lock();
          try {
            GoAsync.yield();
          } finally {
            lock.unlock();
          }
        });
    task.await();
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void blockingQueueBetweenCoroutines() {
    Modes.assumeFullMode(BLOCKS);
    BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
    Task<Integer> consumer =
        loop.goAsync(() -> {
          int sum = 0;
          for (int i = 0; i < 10; i++) {
            sum += queue.take();
          }
          return sum;
        });
    Task<?> producer =
        loop.goAsync(() -> {
          for (int i = 0; i < 10; i++) {
            queue.put(i);
          }
        });
    producer.await();
    assertThat(consumer.await()).isEqualTo(45);
  }

  @Test
  void waitForAnotherThreadEndsInBothModes() throws Exception {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    CountDownLatch begun = new CountDownLatch(1);
    Task<String> taking =
        loop.goAsync(() -> {
          begun.countDown();
          return queue.take();
        });
    begun.await();
    queue.add("gift");
    assertThat(taking.await()).isEqualTo("gift");
  }

  @Test
  void waitInsideTheJdkIsCancelledByInterrupt() throws Exception {
    Modes.assumeFullMode(BLOCKS);
    CountDownLatch begun = new CountDownLatch(1);
    Task<?> taking =
        loop.goAsync(() -> {
          begun.countDown();
          new LinkedBlockingQueue<String>().take();
        });
    begun.await();
    taking.cancel();
    assertThatThrownBy(taking::await).hasRootCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void parkAndUnparkBetweenCoroutines() {
    Modes.assumeFullMode(BLOCKS);
    Thread[] parked = new Thread[1];
    boolean[] released = {false};
    Task<?> sleeper =
        loop.goAsync(() -> {
          parked[0] = Thread.currentThread();
          while (!released[0]) {
            LockSupport.park();
          }
        });
    Task<?> waker =
        loop.goAsync(() -> {
          released[0] = true;
          LockSupport.unpark(parked[0]);
        });
    awaitAll(List.of(sleeper, waker));
  }

  @Test
  void aVirtualThreadStartedInACoroutineRunsOnTheSchedulerOfTheJdk() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Task<?> starter =
        loop.goAsync(() -> {
          Thread.startVirtualThread(() -> {
            events.add("in a coroutine: " + GoAsync.inCoroutine());
            events.add(loop.goAsync(() -> "awaited").await());
            ended.countDown();
          });
        });
    starter.await();
    ended.await();
    assertThat(events).containsExactly("in a coroutine: false", "awaited");
  }

  @Test
  void stackTraceShowsTheCoroutinesFrames() {
    Task<StackTraceElement[]> task =
        loop.goAsync(() -> {
          GoAsync.yield();
          return new Throwable().getStackTrace();
        });
    assertThat(task.await())
        .anyMatch(frame -> frame.getClassName().equals(JdkInCoroutinesTest.class.getName()));
  }
}
