package dev.goasync.sync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cancels each operation at each point: before it begins, while it waits, in the same turn before
 * and after it is served, and after its end. Either it took effect or it did not.
 */
@Timeout(60)
final class CancellationSweepTest {
  enum Point {
    BEFORE,
    WAITING,
    JUST_BEFORE_SERVED,
    JUST_AFTER_SERVED,
    OVER
  }

  private static final Duration LONG = Duration.ofDays(1);

  private final TestLoop loop = TestLoop.open();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  /** Runs {@code operation}, which {@code serve} completes; returns whether it took effect. */
  private static boolean sweep(Point point, Runnable operation, Runnable serve) {
    boolean[] effect = {false};
    Task<?> task =
        goAsync(() -> {
          operation.run();
          effect[0] = true;
        });
    if (point == Point.BEFORE) {
      task.cancel();
    }
    GoAsync.yield();
    if (point == Point.WAITING) {
      task.cancel();
      GoAsync.yield();
    } else if (point == Point.JUST_BEFORE_SERVED) {
      task.cancel();
    }
    serve.run();
    if (point == Point.JUST_AFTER_SERVED) {
      task.cancel();
    }
    GoAsync.yield();
    GoAsync.yield();
    task.cancel();
    try {
      task.await();
    } catch (CancellationException cancelled) {
      assertThat(effect[0]).isFalse();
    }
    assertThat(effect[0])
        .as("cancelled %s", point)
        .isEqualTo(point == Point.JUST_AFTER_SERVED || point == Point.OVER);
    return effect[0];
  }

  @ParameterizedTest
  @EnumSource
  void receive(Point point) throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      for (Runnable receive :
          List.<Runnable>of(
              channel::receive,
              () -> channel.tryReceive(LONG),
              () -> Select.first().onReceive(channel, _ -> {}).run())) {
        boolean received = sweep(point, receive, () -> channel.send(1));
        assertThat(channel.tryReceive() == null).isEqualTo(received);
        assertThat(channel.statistics().waitingReceivers()).isZero();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void send(Point point) throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      List<Integer> received = new ArrayList<>();
      Runnable serve =
          () -> {
            Integer value = channel.tryReceive();
            if (value != null) {
              received.add(value);
            }
          };
      boolean sent = sweep(point, () -> channel.send(1), serve);
      assertThat(received).hasSize(sent ? 1 : 0);
      sent = sweep(point, () -> channel.trySend(2, LONG), serve);
      assertThat(received).hasSize(sent ? 2 : 0);
      sent = sweep(point, () -> Select.first().onSend(channel, 3, () -> {}).run(), serve);
      assertThat(received).hasSize(sent ? 3 : 0);
      assertThat(channel.statistics().waitingSenders()).isZero();
    });
  }

  @ParameterizedTest
  @EnumSource
  void lock(Point point) throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      mutex.lock();
      sweep(point, () -> mutex.withLock(() -> {}), mutex::unlock);
      assertThat(mutex.statistics().locked()).isFalse();
      mutex.lock();
      sweep(
          point,
          () -> {
            assertThat(mutex.tryLock(LONG)).isTrue();
            mutex.unlock();
          },
          mutex::unlock);
      assertThat(mutex.statistics().locked()).isFalse();
    });
  }

  @ParameterizedTest
  @EnumSource
  void readAndWriteLock(Point point) throws Exception {
    loop.run(() -> {
      ReadWriteLock lock = new ReadWriteLock();
      lock.lockWrite();
      sweep(point, () -> lock.withReadLock(() -> {}), lock::unlock);
      lock.lockRead();
      sweep(point, () -> lock.withWriteLock(() -> {}), lock::unlock);
      assertThat(lock.statistics().readers()).isZero();
      assertThat(lock.statistics().writeLocked()).isFalse();
    });
  }

  @ParameterizedTest
  @EnumSource
  void acquire(Point point) throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(3);
      permits.acquire(3);
      boolean acquired = sweep(point, () -> permits.acquire(2), () -> permits.release(2));
      assertThat(permits.statistics().permits()).isEqualTo(acquired ? 0 : 2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void event(Point point) throws Exception {
    loop.run(() -> {
      Event event = Event.autoReset();
      boolean passed = sweep(point, event::await, event::set);
      assertThat(event.isSet()).isEqualTo(!passed);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aConditionReturnsWithTheLockAndNoSignalIsLost(Point point) throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      Condition condition = mutex.newCondition();
      boolean[] held = {true};
      boolean signalled =
          sweep(
              point,
              () ->
                  mutex.withLock(() -> {
                    try {
                      condition.await();
                    } finally {
                      held[0] = mutex.isHeldByCaller();
                    }
                  }),
              () -> mutex.withLock(condition::signal));
      assertThat(held[0]).isTrue();
      assertThat(mutex.statistics().locked()).isFalse();
      assertThat(condition.statistics().signals()).isEqualTo(signalled ? 1 : 0);
    });
  }

  /** Coroutines send, receive and are cancelled at random; each sent value is received once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomOperationsLoseNoValue(long seed) throws Exception {
    Random random = new Random(seed);
    loop.run(() -> {
      Channel<Integer> first =
          random.nextBoolean() ? Channel.rendezvous() : Channel.bounded(1 + random.nextInt(5));
      Channel<Integer> second = Channel.rendezvous();
      TreeSet<Integer> sent = new TreeSet<>();
      TreeSet<Integer> received = new TreeSet<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        int value = i;
        Channel<Integer> channel = random.nextBoolean() ? first : second;
        Duration limit = Duration.ofMillis(1 + random.nextInt(20));
        switch (random.nextInt(4)) {
          case 0 ->
              tasks.add(
                  goAsync(() -> {
                    channel.send(value);
                    sent.add(value);
                  }));
          case 1 ->
              tasks.add(
                  goAsync(() -> {
                    if (channel.trySend(value, limit)) {
                      sent.add(value);
                    }
                  }));
          case 2 ->
              tasks.add(
                  goAsync(() -> {
                    Integer got = channel.tryReceive(limit);
                    if (got != null) {
                      assertThat(received.add(got)).isTrue();
                    }
                  }));
          default ->
              tasks.add(
                  goAsync(() ->
                      Select.first()
                          .onReceive(first, got -> assertThat(received.add(got)).isTrue())
                          .onSend(second, value, () -> sent.add(value))
                          .onReceive(second, got -> assertThat(received.add(got)).isTrue())
                          .after(limit, () -> {})
                          .run()));
        }
        if (random.nextInt(3) == 0) {
          tasks.get(random.nextInt(tasks.size())).cancel();
        }
        if (random.nextInt(5) == 0) {
          GoAsync.sleep(Duration.ofMillis(random.nextInt(3)));
        }
      }
      GoAsync.sleep(Duration.ofSeconds(1));
      tasks.forEach(Task::cancel);
      GoAsync.sleep(Duration.ofSeconds(1));
      for (Task<?> task : tasks) {
        Throwable failure = task.failure();
        if (failure != null) {
          assertThat(task.isCancelled()).as("%s", failure).isTrue();
        }
      }
      for (Integer left = first.tryReceive(); left != null; left = first.tryReceive()) {
        received.add(left);
      }
      assertThat(received).isEqualTo(sent).isNotEmpty();
      assertThat(second.tryReceive()).isNull();
      assertThat(first.statistics().waitingReceivers()).isZero();
      assertThat(second.statistics().waitingSenders()).isZero();
    });
  }
}
