package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.sync.Condition;
import dev.goasync.sync.Mutex;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All schedules of a small scenario. */
@Timeout(120)
final class ExhaustiveScheduleTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  /** Starts coroutines that write their letter, yield, and write it again. */
  private static Simulation.Summary runLetters(int coroutines, Set<String> orders)
      throws InterruptedException {
    return Simulation.with()
        .scheduling(Scheduling.exhaustive(100_000))
        .run(world -> {
          StringBuilder order = new StringBuilder();
          TaskScope.run(scope -> {
            for (int i = 0; i < coroutines; i++) {
              char letter = (char) ('a' + i);
              scope.goAsync(() -> {
                order.append(letter);
                GoAsync.yield();
                order.append(letter);
              });
            }
            return null;
          });
          orders.add(order.toString());
        });
  }

  /**
   * The orders of two letters, each twice, are 4! / (2! * 2!), and of three 6! / (2! * 2! * 2!).
   */
  @Test
  void eachOrderIsRunOnce() throws Exception {
    Set<String> orders = new TreeSet<>();
    Simulation.Summary summary = runLetters(2, orders);
    assertEquals("[aabb, abab, abba, baab, baba, bbaa]", orders.toString());
    assertEquals(6, summary.runs());
    orders.clear();
    summary = runLetters(3, orders);
    assertEquals(90, orders.size());
    assertEquals(90, summary.runs());
  }

  @Test
  void aLostWakeUpBetweenTwoLoopsIsFound() {
    var failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .scheduling(Scheduling.exhaustive(100_000))
                    .run(world -> loseAWakeUp(false)));
    assertThat(failure).hasMessageContaining("exhaustive(100000): deadlock");
  }

  @Test
  void theRepairedCodePassesInAllSchedules() throws Exception {
    var summary =
        Simulation.with()
            .scheduling(Scheduling.exhaustive(100_000))
            .run(world -> loseAWakeUp(true));
    assertThat(summary.runs()).isBetween(10L, 99_999L);
  }

  private static void loseAWakeUp(boolean repaired) {
    Mutex mutex = new Mutex();
    Condition changed = mutex.newCondition();
    boolean[] finished = {false};
    try (EventLoop other = EventLoop.start("other")) {
      Task<?> waiter =
          other.goAsync(() -> {
            if (repaired) {
              mutex.withLock(() -> {
                while (!finished[0]) {
                  changed.await();
                }
              });
            } else if (!finished[0]) {
              mutex.withLock(() -> changed.await());
            }
          });
      mutex.withLock(() -> {
        finished[0] = true;
        changed.signalAll();
      });
      waiter.await();
    }
  }

  @Test
  void tooManySchedulesAreRefused() {
    Set<String> orders = new TreeSet<>();
    var refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                Simulation.with()
                    .scheduling(Scheduling.exhaustive(5))
                    .run(_ ->
                        TaskScope.run(scope -> {
                          for (int i = 0; i < 3; i++) {
                            scope.goAsync(() -> orders.add("ran"));
                          }
                          return null;
                        })));
    assertThat(refused).hasMessageContaining("more than 5 schedules");
    assertThrows(IllegalArgumentException.class, () -> Scheduling.exhaustive(0));
  }

  @Test
  void aScenarioThatKeepsStateIsRefused() {
    AtomicLong runs = new AtomicLong();
    var refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                Simulation.with()
                    .scheduling(Scheduling.exhaustive(1_000))
                    .run(world -> {
                      long coroutines = 3 + runs.getAndIncrement();
                      TaskScope.run(scope -> {
                        for (int i = 0; i < coroutines; i++) {
                          scope.goAsync(() -> GoAsync.yield());
                        }
                        return null;
                      });
                    }));
    assertThat(refused).hasMessageContaining("two runs with the same choices differ");
  }
}
