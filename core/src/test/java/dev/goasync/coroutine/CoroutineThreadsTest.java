package dev.goasync.coroutine;

import static dev.goasync.coroutine.Kinds.onNewThread;
import static dev.goasync.coroutine.Kinds.onVirtualThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.goasync.coroutine.Coroutine.State;
import dev.goasync.internal.vthread.CoroutineImplementation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which threads may resume a coroutine, and what its body sees of them. */
@Timeout(60)
final class CoroutineThreadsTest {
  private static final String ALL = "dev.goasync.coroutine.Kinds#all";
  private static final String MOVABLE = "dev.goasync.coroutine.Kinds#movable";
  private static final int MANY = 20_000;
  private static final int FEW = 300;

  @ParameterizedTest
  @MethodSource(ALL)
  void createdByOneThreadAndUsedByAnother(CoroutineImplementation kind) throws Exception {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(kind, false, (self, first) -> self.suspend(first) + 1);
    assertThat(onNewThread(() -> coroutine.resume(1) + coroutine.resume(2))).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void staysWithTheThreadThatResumedItFirst(CoroutineImplementation kind) throws Exception {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(kind, false, (self, first) -> self.suspend(first));
    coroutine.resume(1);
    onNewThread(() -> {
      assertThatIllegalStateException()
          .isThrownBy(() -> coroutine.resume(2))
          .withMessageContaining("stays with");
      assertThatIllegalStateException().isThrownBy(coroutine::close);
      return true;
    });
    assertThat(coroutine.state()).isEqualTo(State.SUSPENDED);
    assertThat(coroutine.resume(3)).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(MOVABLE)
  void movesBetweenThreadsOfEveryKind(CoroutineImplementation kind) throws Exception {
    int[] unguarded = {0};
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            true,
            (self, first) -> {
              while (true) {
                unguarded[0]++;
                self.suspend(unguarded[0]);
              }
            });
    for (int round = 0; round < 200; round++) {
      coroutine.resume(0);
      onNewThread(() -> coroutine.resume(0));
      onVirtualThread(() -> coroutine.resume(0));
    }
    assertThat(unguarded[0]).isEqualTo(600);
    onNewThread(() -> {
      coroutine.close();
      return true;
    });
    assertThat(coroutine.state()).isEqualTo(State.CLOSED);
  }

  /** The next thread comes while the coroutine is still on its way off the last one. */
  @ParameterizedTest
  @MethodSource(MOVABLE)
  void movesBetweenThreadsAtOnce(CoroutineImplementation kind) throws Exception {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            true,
            (self, first) -> {
              int value = first;
              while (true) {
                value = self.suspend(value);
              }
            });
    AtomicInteger turn = new AtomicInteger();
    Thread other = Thread.startVirtualThread(() -> takeTurns(coroutine, turn, 1));
    takeTurns(coroutine, turn, 0);
    other.join();
    assertThat(turn).hasValue(2 * FEW);
    coroutine.close();
  }

  private static void takeTurns(
      Coroutine<Integer, Integer> coroutine, AtomicInteger turn, int parity) {
    for (int next = parity; next < 2 * FEW; next += 2) {
      while (turn.get() != next) {
        if (turn.get() > 2 * FEW) {
          return; // the other thread has failed
        }
        Thread.onSpinWait();
      }
      try {
        assertThat(coroutine.resume(next)).isEqualTo(next);
      } catch (Throwable failed) {
        turn.set(Integer.MAX_VALUE);
        throw failed;
      }
      turn.incrementAndGet();
    }
  }

  @ParameterizedTest
  @MethodSource(MOVABLE)
  void compiledBodyKeepsItsIdentityWhenMoved(CoroutineImplementation kind) throws Exception {
    Coroutine<Integer, Thread> coroutine =
        new Coroutine<>(
            kind,
            true,
            (self, first) -> {
              while (true) {
                self.suspend(Thread.currentThread());
              }
            });
    Thread body = coroutine.resume(0);
    for (int i = 0; i < MANY; i++) {
      coroutine.resume(0);
    }
    assertThat(onNewThread(() -> coroutine.resume(0))).isSameAs(body);
    coroutine.close();
  }

  @ParameterizedTest
  @MethodSource(MOVABLE)
  void resumeWhileAnotherThreadRunsItIsRefused(CoroutineImplementation kind) {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            true,
            (self, first) -> {
              onNewThread(() -> {
                assertThatIllegalStateException()
                    .isThrownBy(() -> self.resume(1))
                    .withMessage("cannot resume a coroutine that is RUNNING");
                assertThatIllegalStateException().isThrownBy(self::close);
                assertThatIllegalStateException().isThrownBy(() -> self.suspend(1));
                return true;
              });
              return self.suspend(8);
            });
    assertThat(coroutine.resume(1)).isEqualTo(8);
    assertThat(coroutine.resume(9)).isEqualTo(9);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void suspendByAThreadThatTheBodyStartedIsRefused(CoroutineImplementation kind) {
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) -> {
              onNewThread(
                  () -> assertThatIllegalStateException().isThrownBy(() -> self.suspend(1)));
              onVirtualThread(
                  () -> assertThatIllegalStateException().isThrownBy(() -> self.suspend(1)));
              return 5;
            });
    assertThat(coroutine.resume(1)).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void bodyMayBlockItsThread(CoroutineImplementation kind) {
    CountDownLatch latch = new CountDownLatch(1);
    Coroutine<Integer, Integer> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) -> {
              new Thread(latch::countDown).start();
              latch.await();
              return self.suspend(first);
            });
    assertThat(coroutine.resume(4)).isEqualTo(4);
    assertThat(coroutine.resume(5)).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void worksInAVirtualThreadOfTheJdk(CoroutineImplementation kind) throws Exception {
    int sum =
        onVirtualThread(() -> {
          int total = 0;
          try (Generator<Integer> outer = new Generator<>(kind, false, out -> count(kind, out))) {
            for (int i = 0; i < 1000; i++) {
              total += outer.next();
            }
          }
          return total;
        });
    assertThat(sum).isEqualTo(499_500);
  }

  private static void count(CoroutineImplementation kind, Generator.Emitter<Integer> out) {
    try (Generator<Integer> inner =
        new Generator<>(
            kind,
            false,
            it -> {
              for (int i = 0; ; i++) {
                it.emit(i);
                Thread.yield();
              }
            })) {
      out.emitAll(inner);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void interruptOfTheResumerReachesTheBodyAndComesBack(CoroutineImplementation kind) {
    Coroutine<Integer, Boolean> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) -> {
              self.suspend(Thread.interrupted());
              self.suspend(Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
              return self.suspend(false) == 0;
            });
    Thread.currentThread().interrupt();
    assertThat(coroutine.resume(0)).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    Thread.currentThread().interrupt();
    assertThat(coroutine.resume(0)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(coroutine.resume(0)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    coroutine.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void scopedValuesOfBodyAndResumerStayApart(CoroutineImplementation kind) {
    ScopedValue<String> name = ScopedValue.newInstance();
    Coroutine<Integer, String> coroutine =
        new Coroutine<>(
            kind,
            false,
            (self, first) ->
                ScopedValue.where(name, "body")
                    .call(() -> {
                      self.suspend(name.get());
                      return name.get();
                    }));
    ScopedValue.where(name, "resumer")
        .run(() -> {
          assertThat(coroutine.resume(0)).isEqualTo("body");
          assertThat(name.get()).isEqualTo("resumer");
        });
    assertThat(name.isBound()).isFalse();
    ScopedValue.where(name, "another")
        .run(() -> {
          assertThat(coroutine.resume(0)).isEqualTo("body");
          assertThat(name.get()).isEqualTo("another");
        });
  }
}
