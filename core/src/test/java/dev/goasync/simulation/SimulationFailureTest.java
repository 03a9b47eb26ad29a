package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Event;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails the run of a simulation, and its message. */
@Timeout(120)
final class SimulationFailureTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  private static SimulationFailure failure(Simulation.Scenario scenario) {
    return assertThrows(SimulationFailure.class, () -> Simulation.with().run(scenario));
  }

  @Test
  void aDeadlockIsAFailureThatNamesTheWaits() {
    SimulationFailure failure =
        failure(world -> {
          Event never = Event.manualReset();
          GoAsync.goAsync("second", () -> never.await()).await();
        });
    assertThat(failure)
        .hasMessageContaining("seed 1, random: deadlock: no coroutine can go on")
        .hasMessageContaining("-Dgoasync.simulation.seed=1")
        .hasMessageContaining("second")
        .hasMessageContaining("SimulationFailureTest");
    assertEquals(1, failure.seed());
  }

  @Test
  void theBodysExceptionIsTheCause() {
    IllegalStateException thrown = new IllegalStateException("of the test");
    SimulationFailure failure =
        failure(world -> {
          throw thrown;
        });
    assertThat(failure).hasCause(thrown).hasMessageContaining("the body of the test has thrown");
  }

  @Test
  void aProgramThatThrowsFailsTheRun() {
    SimulationFailure failure =
        failure(world -> {
          world.host(
              "db",
              () -> {
                throw new IllegalStateException("of the program");
              });
          GoAsync.sleep(Duration.ofSeconds(1));
        });
    assertThat(failure).hasMessageContaining("the program of host db has thrown");
  }

  @Test
  void aCoroutineThatIsLeftBehindIsAFailure() {
    SimulationFailure failure =
        failure(world -> GoAsync.goAsync("forgotten", () -> Event.manualReset().await()));
    assertThat(failure)
        .hasMessageContaining("coroutines are left behind")
        .hasMessageContaining("forgotten");
  }

  @Test
  void aRunThatNeverEndsReachesTheLimitOfSteps() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .maxSteps(1_000)
                    .run(world -> {
                      while (true) {
                        GoAsync.yield();
                      }
                    }));
    assertThat(failure).hasMessageContaining("has not ended after 1000 steps");
  }

  @Test
  void aRunThatNeverEndsReachesTheLimitOfTime() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .maxTime(Duration.ofMinutes(5))
                    .run(world -> {
                      while (true) {
                        GoAsync.sleep(Duration.ofMinutes(1));
                      }
                    }));
    assertThat(failure).hasMessageContaining("has not ended after PT5M");
  }

  @Test
  void aCoroutineThatNeverWaitsIsFoundByTheStallLimit() {
    CountDownLatch never = new CountDownLatch(1);
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .stallLimit(Duration.ofMillis(200))
                    .run(world -> {
                      while (never.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                    }));
    never.countDown();
    assertThat(failure).hasMessageContaining("real time without a wait");
  }

  @Test
  void realTimeInsideTheJdkIsFound() {
    SimulationFailure failure =
        failure(world -> {
          CompletableFuture<String> slow = new CompletableFuture<>();
          slow.get(1, TimeUnit.HOURS);
        });
    assertThat(failure).hasMessageContaining("waits inside the JDK with a time limit");
    assertThat(Objects.requireNonNull(failure.getCause()).getStackTrace())
        .anyMatch(frame -> frame.getMethodName().contains("realTimeInsideTheJdkIsFound"));
  }

  @Test
  void aThreadFromOutsideIsFound() {
    SimulationFailure failure =
        failure(world -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          Thread outside = new Thread(() -> future.complete("late"), "from-outside");
          Task<String> late = Task.from(future);
          Task<?> starter =
              GoAsync.goAsync(() -> {
                GoAsync.sleep(Duration.ofSeconds(1)); // the body waits by then
                outside.start();
              });
          assertEquals("late", late.await());
          starter.await();
        });
    assertThat(failure).hasMessageContaining("a thread outside the simulation");
    assertThat(failure.getCause()).hasMessageContaining("from-outside");
  }

  @Test
  void aSimulationInsideACoroutineIsRefused() {
    SimulationFailure failure = failure(world -> Simulation.with().run(inner -> {}));
    assertThat(failure.getCause())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot run in a coroutine");
  }

  @Test
  void theWorldIsChangedByItsOwnCoroutinesOnly() throws Exception {
    AtomicReference<dev.goasync.testing.World> kept = new AtomicReference<>();
    Simulation.with().run(kept::set);
    assertThrows(IllegalStateException.class, () -> kept.get().host("late", () -> GoAsync.yield()));
  }
}
