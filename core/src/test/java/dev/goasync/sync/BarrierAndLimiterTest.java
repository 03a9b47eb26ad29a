package dev.goasync.sync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Barrier, read-write lock, rate limiter and once, used by coroutines of one loop. */
@Timeout(60)
final class BarrierAndLimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestLoop loop = TestLoop.open();
  private final List<String> events = new ArrayList<>();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @Test
  void allPartiesPassTheBarrierTogetherRepeatedly() throws Exception {
    loop.run(() -> {
      Barrier barrier = new Barrier(3);
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int number = i;
        tasks.add(
            goAsync(() -> {
              for (int step = 0; step < 2; step++) {
                sleep(SECOND.multipliedBy(number));
                events.add("arrived");
                assertThat(barrier.await()).isEqualTo(number - 1);
                events.add("passed");
              }
            }));
      }
      awaitAll(tasks);
      assertThat(barrier.statistics().parties()).isEqualTo(3);
      assertThat(barrier.statistics().waiting()).isZero();
      assertThat(barrier.statistics().trips()).isEqualTo(2);
      assertThat(barrier.statistics().suspensions()).isEqualTo(4);
      assertThat(barrier.statistics().remoteCalls()).isZero();
    });
    assertThat(events.subList(0, 6))
        .containsExactly("arrived", "arrived", "arrived", "passed", "passed", "passed");
    assertThat(loop.elapsed()).isEqualTo(SECOND.multipliedBy(6));
  }

  @Test
  void aCallerThatLeavesTheBarrierIsNotCounted() throws Exception {
    loop.run(() -> {
      Barrier barrier = new Barrier(2);
      assertThat(barrier.tryAwait(SECOND)).isEqualTo(-1);
      Task<Integer> cancelled = goAsync(() -> barrier.await());
      GoAsync.yield();
      cancelled.cancel();
      Task<Integer> first = goAsync(() -> barrier.await());
      GoAsync.yield();
      assertThat(barrier.statistics().waiting()).isEqualTo(1);
      assertThat(barrier.await()).isEqualTo(1);
      assertThat(first.await()).isZero();
      assertThatThrownBy(() -> new Barrier(0)).isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void readersShareTheLockAndWritersDoNotStarve() throws Exception {
    loop.run(() -> {
      ReadWriteLock lock = new ReadWriteLock();
      List<Task<?>> tasks = new ArrayList<>();
      for (String name : List.of("r1", "r2", "w1", "r3", "r4", "w2")) {
        tasks.add(
            goAsync(() -> {
              dev.goasync.Action<RuntimeException> body =
                  () -> {
                    events.add(name + " at " + loop.elapsed().toSeconds());
                    sleep(SECOND);
                  };
              if (name.startsWith("r")) {
                lock.withReadLock(body);
              } else {
                lock.withWriteLock(body);
              }
            }));
      }
      awaitAll(tasks);
      assertThat(lock.statistics().readers()).isZero();
      assertThat(lock.statistics().writeLocked()).isFalse();
      assertThat(lock.statistics().waiting()).isZero();
      assertThat(lock.statistics().acquisitions()).isEqualTo(6);
      assertThat(lock.statistics().suspensions()).isEqualTo(4);
      assertThat(lock.statistics().remoteCalls()).isZero();
    });
    assertThat(events)
        .containsExactly("r1 at 0", "r2 at 0", "w1 at 1", "r3 at 2", "r4 at 2", "w2 at 3");
  }

  @Test
  void aWriterThatTimesOutNoLongerBlocksReaders() throws Exception {
    loop.run(() -> {
      ReadWriteLock lock = new ReadWriteLock();
      lock.lockRead();
      Task<Boolean> writer = goAsync(() -> lock.tryLockWrite(SECOND));
      GoAsync.yield();
      Task<?> reader = goAsync(() -> lock.withReadLock(() -> {}));
      reader.await();
      assertThat(writer.await()).isFalse();
      assertThat(loop.elapsed()).isEqualTo(SECOND);
      assertThatThrownBy(lock::lockRead).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(lock::lockWrite).isInstanceOf(IllegalStateException.class);
      lock.unlock();
      assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void theLimiterKeepsItsRateAfterABurst() throws Exception {
    loop.run(() -> {
      RateLimiter limiter = new RateLimiter(10, SECOND, 3);
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        limiter.acquire();
        millis.add(loop.elapsed().toMillis());
      }
      assertThat(millis).containsExactly(0L, 0L, 0L, 100L, 200L, 300L);
      assertThat(limiter.tryAcquire()).isFalse();
      assertThat(limiter.tryAcquire(Duration.ofMillis(50))).isFalse();
      assertThat(limiter.tryAcquire(Duration.ofMillis(51))).isTrue();
      sleep(SECOND.multipliedBy(10));
      assertThat(limiter.tryAcquire()).isTrue();
      assertThat(limiter.tryAcquire()).isTrue();
      assertThat(limiter.tryAcquire()).isTrue();
      assertThat(limiter.tryAcquire()).isFalse();
    });
  }

  @Test
  void aCancelledCallIsNotCountedAsAdmitted() throws Exception {
    loop.run(() -> {
      RateLimiter limiter = new RateLimiter(1, SECOND, 1);
      limiter.acquire();
      Task<?> cancelled = goAsync(() -> limiter.acquire());
      Task<?> other = goAsync(() -> limiter.acquire());
      GoAsync.yield();
      cancelled.cancel();
      other.await();
      assertThat(loop.elapsed()).isEqualTo(SECOND);
      assertThatThrownBy(() -> new RateLimiter(0, SECOND, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new RateLimiter(1, SECOND, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new RateLimiter(2, Duration.ofNanos(1), 1))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void aLimiterWithALargeBurstOrALongPeriodAdmitsTheFirstCallsAtOnce() throws Exception {
    loop.run(() -> {
      RateLimiter largeBurst = new RateLimiter(1, Duration.ofSeconds(3), Integer.MAX_VALUE);
      RateLimiter both = new RateLimiter(1, Duration.ofHours(1), Integer.MAX_VALUE);
      for (int i = 0; i < 1000; i++) {
        assertThat(largeBurst.tryAcquire()).isTrue();
        assertThat(both.tryAcquire()).isTrue();
      }
      RateLimiter longest = new RateLimiter(1, Duration.ofSeconds(Long.MAX_VALUE), 3);
      for (int i = 0; i < 3; i++) {
        assertThat(longest.tryAcquire()).isTrue();
      }
      assertThat(longest.tryAcquire(Duration.ofDays(365))).isFalse();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofDays(365));
      assertThat(largeBurst.tryAcquire()).isTrue();
    });
  }

  /** The limiter against a model that adds up the tokens for each moment. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomCallsAreAdmittedAtTheRate(long seed) throws Exception {
    Random random = new Random(seed);
    loop.run(() -> {
      int burst = 1 + random.nextInt(5);
      RateLimiter limiter = new RateLimiter(10, SECOND, burst);
      double tokens = burst;
      for (int i = 0; i < 1000; i++) {
        long millis = random.nextInt(8) * 25L;
        sleep(Duration.ofMillis(millis));
        tokens = Math.min(burst, tokens + millis / 100.0);
        boolean admitted = tokens >= 1 - 1e-6;
        assertThat(limiter.tryAcquire()).as("call %d at %s", i, loop.elapsed()).isEqualTo(admitted);
        tokens -= admitted ? 1 : 0;
      }
    });
  }

  @Test
  void theValueIsComputedOnce() throws Exception {
    loop.run(() -> {
      int[] computations = {0};
      Once<Integer, RuntimeException> once =
          new Once<>(() -> {
            sleep(SECOND);
            return ++computations[0];
          });
      assertThat(once.isComputed()).isFalse();
      List<Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(goAsync(() -> once.get()));
      }
      assertThat(GoAsync.<Integer>awaitAll(tasks)).containsExactly(1, 1, 1);
      assertThat(once.get()).isEqualTo(1);
      assertThat(once.statistics().computed()).isTrue();
      assertThat(once.statistics().waiting()).isZero();
      assertThat(once.statistics().suspensions()).isEqualTo(2);
      assertThat(once.statistics().remoteCalls()).isZero();
    });
  }

  @Test
  void theNextCallerComputesIfTheComputationFails() throws Exception {
    loop.run(() -> {
      int[] tries = {0};
      Once<String, IOException> once =
          new Once<>(() -> {
            sleep(SECOND);
            if (++tries[0] == 1) {
              throw new IOException("first try");
            }
            return "computed";
          });
      Task<String> cancelled = goAsync(() -> once.get());
      Task<String> failing = goAsync(() -> once.get());
      Task<String> third = goAsync(() -> once.get());
      GoAsync.yield();
      cancelled.cancel();
      assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
      assertThatThrownBy(failing::await).hasRootCauseMessage("first try");
      assertThat(third.await()).isEqualTo("computed");
    });
  }

  @Test
  void aComputationThatNeedsItsOwnValueThrows() throws Exception {
    loop.run(() -> {
      List<Once<String, RuntimeException>> self = new ArrayList<>();
      self.add(new Once<>(() -> self.getFirst().get()));
      assertThatThrownBy(() -> self.getFirst().get()).isInstanceOf(IllegalStateException.class);
    });
  }
}
