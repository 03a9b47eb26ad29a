package dev.goasync.sync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.DeadlockException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mutex, condition, semaphore and event, used by coroutines of one loop. */
@Timeout(60)
final class LocksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestLoop loop = TestLoop.open();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @Test
  void aMutexIsGrantedInTheOrderOfArrival() throws Exception {
    List<String> events = new ArrayList<>();
    loop.run(() -> {
      Mutex mutex = new Mutex();
      List<Task<?>> tasks = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        tasks.add(
            goAsync(() ->
                mutex.withLock(() -> {
                  events.add(name + " in");
                  sleep(SECOND);
                  events.add(name + " out");
                })));
      }
      awaitAll(tasks);
      assertThat(mutex.statistics().locked()).isFalse();
      assertThat(mutex.statistics().waiting()).isZero();
      assertThat(mutex.statistics().acquisitions()).isEqualTo(3);
      assertThat(mutex.statistics().suspensions()).isEqualTo(2);
      assertThat(mutex.statistics().remoteCalls()).isZero();
    });
    assertThat(events).containsExactly("a in", "a out", "b in", "b out", "c in", "c out");
  }

  @Test
  void tryLockDoesNotOvertakeAWaitingCaller() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      mutex.lock();
      Task<Boolean> waiting =
          goAsync(() -> {
            mutex.lock();
            return true;
          });
      GoAsync.yield();
      mutex.unlock();
      assertThat(mutex.tryLock()).isFalse();
      assertThat(waiting.await()).isTrue();
    });
  }

  @Test
  void wrongUseOfAMutexThrows() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      assertThatThrownBy(mutex::unlock)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("it is not locked");
      mutex.lock();
      assertThatThrownBy(mutex::lock)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("holds " + mutex + " already");
      assertThat(mutex.tryLock()).isFalse();
      Task<?> intruder = goAsync("intruder", () -> mutex.unlock());
      assertThatThrownBy(intruder::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("intruder")
          .hasMessageContaining("\"test\"");
      assertThat(mutex.isHeldByCaller()).isTrue();
      mutex.unlock();
      assertThat(mutex.isHeldByCaller()).isFalse();
    });
  }

  @Test
  void withLockUnlocksWhenTheBodyThrows() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      assertThatThrownBy(() ->
              mutex.withLock(() -> {
                throw new IllegalArgumentException("mine");
              }))
          .hasMessage("mine");
      assertThat(mutex.tryLock()).isTrue();
      mutex.unlock();
    });
  }

  @Test
  void tryLockReturnsFalseWhenItsTimeoutExpires() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      Task<?> holder = goAsync(() -> mutex.withLock(() -> sleep(Duration.ofSeconds(10))));
      GoAsync.yield();
      assertThat(mutex.tryLock(Duration.ofSeconds(4))).isFalse();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(4));
      assertThat(mutex.tryLock(Duration.ofSeconds(6).plusNanos(1))).isTrue();
      mutex.unlock();
      holder.await();
    });
  }

  @Test
  void theLockThatWouldCloseACycleThrows() throws Exception {
    loop.run(() -> {
      Mutex first = new Mutex();
      Mutex second = new Mutex();
      Task<?> alice =
          goAsync(
              "alice",
              () ->
                  first.withLock(() -> {
                    GoAsync.yield();
                    second.withLock(() -> {});
                  }));
      Task<?> bob =
          goAsync(
              "bob",
              () ->
                  second.withLock(() -> {
                    GoAsync.yield();
                    first.lock();
                  }));
      assertThatThrownBy(bob::await)
          .isInstanceOf(DeadlockException.class)
          .hasMessageContaining("bob")
          .hasMessageContaining("held by task \"alice\"");
      alice.await();
    });
  }

  @Test
  void awaitingATaskThatNeedsTheHeldLockThrows() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      mutex.lock();
      Task<?> needy = goAsync("needy", () -> mutex.withLock(() -> {}));
      GoAsync.yield();
      assertThatThrownBy(needy::await)
          .isInstanceOf(DeadlockException.class)
          .hasMessageContaining("needy");
      mutex.unlock();
      needy.await();
    });
  }

  @Test
  void aConditionReleasesTheLockDuringTheWait() throws Exception {
    List<Integer> taken = new ArrayList<>();
    loop.run(() -> {
      Mutex mutex = new Mutex();
      Condition notEmpty = mutex.newCondition();
      List<Integer> queue = new ArrayList<>();
      List<Task<?>> takers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        takers.add(
            goAsync(() ->
                mutex.withLock(() -> {
                  while (queue.isEmpty()) {
                    notEmpty.await();
                  }
                  assertThat(mutex.isHeldByCaller()).isTrue();
                  taken.add(queue.removeFirst());
                })));
      }
      GoAsync.yield();
      assertThat(notEmpty.statistics().waiting()).isEqualTo(3);
      mutex.withLock(() -> {
        queue.add(1);
        notEmpty.signal();
      });
      takers.getFirst().await();
      mutex.withLock(() -> {
        queue.addAll(List.of(2, 3));
        notEmpty.signalAll();
      });
      awaitAll(takers);
      assertThat(notEmpty.statistics().signals()).isEqualTo(3);
    });
    assertThat(taken).containsExactly(1, 2, 3);
  }

  @Test
  void aConditionNeedsTheLockAndReturnsWithIt() throws Exception {
    loop.run(() -> {
      Mutex mutex = new Mutex();
      Condition condition = mutex.newCondition();
      assertThatThrownBy(condition::await).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(condition::signal).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalStateException.class);
      mutex.lock();
      assertThat(condition.tryAwait(SECOND)).isFalse();
      assertThat(loop.elapsed()).isEqualTo(SECOND);
      assertThat(mutex.isHeldByCaller()).isTrue();
      mutex.unlock();
    });
  }

  @Test
  void aSemaphoreLimitsConcurrency() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(3);
      int[] now = {0, 0};
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tasks.add(
            goAsync(() ->
                permits.withPermit(() -> {
                  now[1] = Math.max(now[1], ++now[0]);
                  sleep(SECOND);
                  now[0]--;
                })));
      }
      awaitAll(tasks);
      assertThat(now[1]).isEqualTo(3);
      assertThat(loop.elapsed()).isEqualTo(Duration.ofSeconds(7));
      assertThat(permits.statistics().permits()).isEqualTo(3);
      assertThat(permits.statistics().waiting()).isZero();
      assertThat(permits.statistics().acquisitions()).isEqualTo(20);
      assertThat(permits.statistics().suspensions()).isEqualTo(17);
      assertThat(permits.statistics().remoteCalls()).isZero();
    });
  }

  @Test
  void aRequestForFewPermitsDoesNotOvertakeOneForMany() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(4);
      permits.acquire(3);
      List<String> order = new ArrayList<>();
      Task<?> many =
          goAsync(() -> {
            permits.acquire(4);
            order.add("many");
            permits.release(4);
          });
      GoAsync.yield();
      Task<?> few =
          goAsync(() -> {
            permits.acquire();
            order.add("few");
            permits.release();
          });
      GoAsync.yield();
      assertThat(permits.tryAcquire()).isFalse();
      permits.release(3);
      awaitAll(many, few);
      assertThat(order).containsExactly("many", "few");
    });
  }

  @Test
  void aRequestThatTimesOutNoLongerBlocksLaterOnes() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(4);
      permits.acquire(3);
      Task<Boolean> many = goAsync(() -> permits.tryAcquire(4, SECOND));
      GoAsync.yield();
      Task<?> few = goAsync(() -> permits.acquire());
      few.await();
      assertThat(many.await()).isFalse();
      assertThat(loop.elapsed()).isEqualTo(SECOND);
      permits.release(4);
    });
  }

  @Test
  void additionalPermitsAreGivenToWaitingCallersAtOnce() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(1);
      permits.acquire();
      List<Task<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(goAsync(() -> permits.acquire()));
      }
      GoAsync.yield();
      permits.setMaxPermits(3);
      GoAsync.yield();
      assertThat(permits.statistics().waiting()).isEqualTo(1);
      assertThat(permits.statistics().maxPermits()).isEqualTo(3);
      permits.release();
      awaitAll(waiting);
      permits.release(3);
      assertThatThrownBy(permits::release).isInstanceOf(IllegalStateException.class);
      permits.acquire(3);
    });
  }

  @Test
  void aReducedMaximumTakesEffectAsPermitsAreReleased() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(4);
      permits.acquire(4);
      permits.setMaxPermits(2);
      assertThat(permits.statistics().permits()).isEqualTo(-2);
      Task<?> waiting = goAsync(() -> permits.acquire());
      GoAsync.yield();
      permits.release(2);
      GoAsync.yield();
      assertThat(waiting.isCompleted()).isFalse();
      permits.release();
      waiting.await();
      assertThatThrownBy(() -> permits.tryAcquire(3)).isInstanceOf(IllegalArgumentException.class);
      permits.release(2);
      assertThat(permits.statistics().permits()).isEqualTo(2);
    });
  }

  @Test
  void aWaitingRequestForMorePermitsThanAReducedMaximumThrows() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(4);
      permits.acquire(2);
      Task<?> many = goAsync(() -> permits.acquire(4));
      Task<?> few = goAsync(() -> permits.acquire());
      GoAsync.yield();
      permits.setMaxPermits(3);
      assertThatThrownBy(many::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reduced to 3");
      few.await();
      assertThatThrownBy(() -> permits.setMaxPermits(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("newMaxPermits must be positive: 0");
    });
  }

  @Test
  void wrongUseOfASemaphoreThrows() throws Exception {
    loop.run(() -> {
      Semaphore permits = new Semaphore(2);
      assertThatThrownBy(permits::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("more permits released than acquired: 2 of 2");
      assertThatThrownBy(() -> permits.acquire(3)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> permits.acquire(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Semaphore(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Semaphore(EventLoop.currentOrDefault(), 3, 2))
          .isInstanceOf(IllegalArgumentException.class);
      Semaphore empty = new Semaphore(EventLoop.currentOrDefault(), 0, 1);
      assertThat(empty.tryAcquire()).isFalse();
      empty.release();
      assertThat(empty.tryAcquire()).isTrue();
    });
  }

  @Test
  void aManualResetEventReleasesAllUntilItIsReset() throws Exception {
    loop.run(() -> {
      Event event = Event.manualReset();
      List<Task<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(goAsync(() -> event.await()));
      }
      GoAsync.yield();
      assertThat(event.statistics().set()).isFalse();
      assertThat(event.statistics().waiting()).isEqualTo(3);
      assertThat(event.statistics().suspensions()).isEqualTo(3);
      assertThat(event.statistics().remoteCalls()).isZero();
      event.set();
      event.set();
      awaitAll(waiting);
      event.await();
      assertThat(event.isSet()).isTrue();
      event.reset();
      assertThat(event.tryAwait(SECOND)).isFalse();
    });
  }

  @Test
  void anAutoResetEventReleasesOneCallerForEachSet() throws Exception {
    loop.run(() -> {
      Event event = Event.autoReset();
      List<Integer> through = new ArrayList<>();
      List<Task<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = i;
        waiting.add(
            goAsync(() -> {
              event.await();
              through.add(number);
            }));
      }
      for (int i = 0; i < 3; i++) {
        sleep(SECOND);
        assertThat(through).hasSize(i);
        event.set();
        assertThat(event.isSet()).isFalse();
      }
      awaitAll(waiting);
      assertThat(through).containsExactly(0, 1, 2);
      event.set();
      event.set();
      event.await();
      assertThat(event.tryAwait(Duration.ZERO)).isFalse();
    });
  }
}
