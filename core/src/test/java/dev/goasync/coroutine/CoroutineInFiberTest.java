package dev.goasync.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.vthread.CoroutineImplementation;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Coroutines by hand inside the coroutines of an event loop. */
@Timeout(60)
final class CoroutineInFiberTest {
  private final Loop loop =
      Loop.start(
          "test",
          true,
          TimeSource.SYSTEM,
          it -> {
            throw new UnsupportedOperationException("no I/O here");
          });

  @AfterEach
  void closeLoop() {
    loop.close(null);
  }

  static Stream<CoroutineImplementation> all() {
    return Kinds.all();
  }

  /** The kinds whose bodies act for the fiber that resumed them. */
  static Stream<CoroutineImplementation> acting() {
    return Kinds.all()
        .filter(kind -> kind != CoroutineImplementation.HANDOVER || !SchedulerAccess.isFullMode());
  }

  /** The kinds whose bodies can park without blocking the loop. */
  static Stream<CoroutineImplementation> parking() {
    return Kinds.all().filter(_ -> SchedulerAccess.isFullMode());
  }

  private interface Work {
    void run() throws Exception;
  }

  private static final class TestFiber extends Fiber {
    final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final Work work;

    TestFiber(Loop loop, Work work) {
      super(loop);
      this.work = work;
    }

    @Override
    protected void execute() {
      try {
        work.run();
        end.complete(true);
      } catch (Throwable e) {
        end.completeExceptionally(e);
      }
    }

    @Override
    protected void neverRan(Cancellation cause) {
      end.completeExceptionally(cause);
    }

    @Override
    public String describe() {
      return "test";
    }
  }

  private TestFiber start(Work work) {
    TestFiber fiber = new TestFiber(loop, work);
    loop.startFiber(fiber);
    return fiber;
  }

  private static Fiber fiber() {
    return Objects.requireNonNull(Fiber.current());
  }

  @ParameterizedTest
  @MethodSource("all")
  void generatesAndNests(CoroutineImplementation kind) {
    start(
            () -> {
              try (Generator<Integer> numbers = nested(kind, 3)) {
                for (int i = 0; i < 1000; i++) {
                  assertThat(numbers.next()).isEqualTo(i);
                }
              }
            })
        .end
        .join();
  }

  private static Generator<Integer> nested(CoroutineImplementation kind, int levels) {
    return new Generator<>(
        kind,
        false,
        out -> {
          if (levels > 0) {
            out.emitAll(nested(kind, levels - 1));
          } else {
            for (int i = 0; ; i++) {
              out.emit(i);
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("acting")
  void bodySeesTheFiberAlsoInANestedBody(CoroutineImplementation kind) {
    start(
            () -> {
              Fiber expected = fiber();
              Coroutine<Integer, Fiber> outer =
                  new Coroutine<>(
                      kind,
                      false,
                      (self, first) -> {
                        self.suspend(fiber());
                        return new Coroutine<Integer, Fiber>(kind, false, (it, _) -> fiber())
                            .resume(0);
                      });
              assertThat(outer.resume(0)).isSameAs(expected);
              assertThat(outer.resume(0)).isSameAs(expected);
            })
        .end
        .join();
  }

  @ParameterizedTest
  @MethodSource("acting")
  void pauseInABodyPausesTheFiberAndNotTheLoop(CoroutineImplementation kind) {
    List<String> log = new ArrayList<>();
    TestFiber pausing =
        start(() -> {
          Generator<Integer> numbers =
              new Generator<>(
                  kind,
                  false,
                  out -> {
                    for (int i = 0; i < 3; i++) {
                      log.add("before " + i);
                      fiber().yieldNow();
                      fiber().sleep(TimeUnit.MILLISECONDS.toNanos(1));
                      log.add("after " + i);
                      out.emit(i);
                    }
                  });
          start(() -> log.add("other"));
          numbers.forEach(i -> log.add("got " + i));
        });
    pausing.end.join();
    assertThat(log.indexOf("other")).isBetween(0, log.indexOf("after 0"));
    log.remove("other");
    assertThat(log)
        .containsExactly(
            "before 0",
            "after 0",
            "got 0",
            "before 1",
            "after 1",
            "got 1",
            "before 2",
            "after 2",
            "got 2");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("parking")
  void parkInABodyPausesTheFiberAndNotTheLoop(CoroutineImplementation kind) {
    start(
            () -> {
              boolean[] open = {false};
              Coroutine<Integer, Integer> outer =
                  new Coroutine<>(
                      kind,
                      false,
                      (self, first) -> {
                        Coroutine<Integer, Integer> inner =
                            new Coroutine<>(
                                kind,
                                false,
                                (it, _) -> {
                                  Thread parked = Thread.currentThread();
                                  start(() -> {
                                    open[0] = true;
                                    LockSupport.unpark(parked);
                                  });
                                  while (!open[0]) {
                                    LockSupport.park();
                                  }
                                  return it.suspend(1);
                                });
                        self.suspend(inner.resume(0));
                        return inner.resume(2);
                      });
              assertThat(outer.resume(0)).isEqualTo(1);
              assertThat(outer.resume(0)).isEqualTo(2);
            })
        .end
        .join();
  }

  @ParameterizedTest
  @MethodSource("acting")
  void cancelReachesAPauseInABody(CoroutineImplementation kind) {
    List<String> log = new ArrayList<>();
    TestFiber cancelled =
        start(() -> {
          Coroutine<Integer, Integer> coroutine =
              new Coroutine<>(
                  kind,
                  false,
                  (self, first) -> {
                    Fiber me = fiber();
                    start(() -> me.cancel("enough"));
                    try {
                      me.sleep(TimeUnit.HOURS.toNanos(1));
                    } finally {
                      log.add("finally");
                    }
                    return 0;
                  });
          coroutine.resume(0);
        });
    assertThat(cancelled.end.handle((_, error) -> error).join())
        .isInstanceOf(Cancellation.class)
        .hasMessage("enough");
    assertThat(log).containsExactly("finally");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("parking")
  void interruptReachesAParkInABody(CoroutineImplementation kind) {
    start(
            () -> {
              Thread me = Thread.currentThread();
              Coroutine<Integer, Boolean> coroutine =
                  new Coroutine<>(
                      kind,
                      false,
                      (self, first) -> {
                        start(me::interrupt);
                        while (!Thread.currentThread().isInterrupted()) {
                          LockSupport.park();
                        }
                        return self.suspend(Thread.interrupted()) == 0;
                      });
              assertThat(coroutine.resume(0)).isTrue();
              assertThat(me.isInterrupted()).isFalse();
              assertThat(coroutine.resume(0)).isTrue();
            })
        .end
        .join();
  }

  @ParameterizedTest
  @MethodSource("acting")
  void bodyAndOtherFibersRunOneAtATime(CoroutineImplementation kind) {
    int[] unguarded = {0};
    List<TestFiber> fibers = new ArrayList<>();
    for (int f = 0; f < 4; f++) {
      fibers.add(
          start(() -> {
            try (Generator<Integer> steps =
                new Generator<>(
                    kind,
                    false,
                    out -> {
                      while (true) {
                        unguarded[0]++;
                        fiber().yieldNow();
                        out.emit(unguarded[0]);
                      }
                    })) {
              for (int i = 0; i < 1000; i++) {
                steps.next();
                unguarded[0]++;
              }
            }
          }));
    }
    fibers.forEach(fiber -> fiber.end.join());
    assertThat(unguarded[0]).isEqualTo(8000);
  }

  @ParameterizedTest
  @MethodSource("dev.goasync.coroutine.Kinds#movable")
  void movesBetweenFibersAndThreads(CoroutineImplementation kind) {
    Generator<Integer> numbers =
        new Generator<>(
            kind,
            true,
            out -> {
              for (int i = 0; ; i++) {
                out.emit(i);
              }
            });
    for (int i = 0; i < 300; i += 2) {
      assertThat(numbers.next()).isEqualTo(i);
      int expected = i + 1;
      start(() -> assertThat(numbers.next()).isEqualTo(expected)).end.join();
    }
    numbers.close();
  }
}
