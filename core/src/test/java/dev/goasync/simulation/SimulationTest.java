package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Event;
import dev.goasync.sync.Select;
import dev.goasync.testing.Host;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time, hosts, schedules and failures of a simulation, without its network. */
@Timeout(60)
final class SimulationTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  private static SimulationFailure failure(Simulation.Scenario scenario) {
    return assertThrows(SimulationFailure.class, () -> Simulation.with().run(scenario));
  }

  @Test
  void timePassesOnlyWhileAllWait() throws Exception {
    Simulation.Summary summary =
        Simulation.with()
            .run(world -> {
              GoAsync.sleep(Duration.ofHours(5));
              assertEquals(Duration.ofHours(5), world.elapsed());
              assertEquals(
                  Instant.parse("2000-01-01T05:00:00Z"), world.testHost().clock().instant());
            });
    assertEquals(Duration.ofHours(5), summary.elapsed());
  }

  @Test
  void timeoutsAndDeadlinesUseTheVirtualClock() throws Exception {
    Simulation.with()
        .run(world -> {
          Event never = Event.manualReset();
          assertThrows(
              DeadlineExceededException.class,
              () -> GoAsync.withTimeout(Duration.ofDays(1).minusHours(1), () -> never.await()));
          assertEquals(Duration.ofHours(23), world.elapsed());
        });
  }

  @Test
  void aHostHasItsOwnWallClock() throws Exception {
    Simulation.with()
        .run(world -> {
          List<Instant> seen = new ArrayList<>();
          Host ahead =
              world.host("ahead", Duration.ofMinutes(3), host -> seen.add(host.clock().instant()));
          GoAsync.sleep(Duration.ofSeconds(1));
          assertEquals(List.of(Instant.parse("2000-01-01T00:03:00Z")), seen);
          assertEquals("ahead", ahead.name());
        });
  }

  @Test
  void aHostMayHaveSeveralLoops() throws Exception {
    Simulation.with()
        .seeds(50)
        .run(world -> {
          List<String> seen = new ArrayList<>();
          try (EventLoop other = EventLoop.start("other")) {
            Channel<String> channel = Channel.rendezvous();
            Task<?> sender =
                other.goAsync(() -> {
                  GoAsync.sleep(Duration.ofSeconds(2));
                  channel.send("from " + EventLoop.currentOrDefault().name());
                });
            seen.add(channel.receive());
            sender.await();
          }
          assertEquals(List.of("from other"), seen);
          assertEquals(Duration.ofSeconds(2), world.elapsed());
        });
  }

  @Test
  void anotherLoopOfTheJvmKeepsItsRealBackend() throws Exception {
    AtomicReference<String> seen = new AtomicReference<>();
    try (EventLoop real = EventLoop.start("real")) {
      Simulation.with().run(world -> GoAsync.sleep(Duration.ofDays(1).minusSeconds(1)));
      real.goAsync(() -> seen.set(EventLoop.currentOrDefault().name())).await();
    }
    assertEquals("real", seen.get());
  }

  @Test
  void seedsLeadToDifferentOrders() throws Exception {
    for (Scheduling scheduling : List.of(Scheduling.random(), Scheduling.pct(2))) {
      Set<String> orders = new HashSet<>();
      Simulation.with().scheduling(scheduling).seeds(200).run(world -> orders.add(orderOfThree()));
      assertThat(orders).as("orders by %s", scheduling).hasSize(6);
    }
  }

  @Test
  void inOrderIsTheOrderOfStarts() throws Exception {
    Set<String> orders = new HashSet<>();
    Simulation.with()
        .scheduling(Scheduling.inOrder())
        .seeds(20)
        .run(world -> orders.add(orderOfThree()));
    assertEquals(Set.of("abc"), orders);
  }

  @Test
  void theSeedDecidesWhichCaseOfASelectWins() throws Exception {
    Set<String> winners = new HashSet<>();
    Simulation.with()
        .scheduling(Scheduling.inOrder())
        .seeds(50)
        .run(world -> {
          Channel<String> one = Channel.bounded(1);
          Channel<String> two = Channel.bounded(1);
          one.send("one");
          two.send("two");
          Select.first().onReceive(one, winners::add).onReceive(two, winners::add).run();
        });
    assertEquals(Set.of("one", "two"), winners);
  }

  @Test
  void thePropertyRunsOneSeedAlone() throws Exception {
    List<Integer> drawn = new ArrayList<>();
    Simulation.with().seed(17).run(world -> drawn.add(world.random().nextInt()));
    System.setProperty("goasync.simulation.seed", "17");
    try {
      Simulation.Summary summary =
          Simulation.with().seeds(100).run(world -> drawn.add(world.random().nextInt()));
      assertEquals(1, summary.runs());
    } finally {
      System.clearProperty("goasync.simulation.seed");
    }
    assertEquals(drawn.getFirst(), drawn.getLast());
  }

  private static String orderOfThree() {
    var order = new StringBuilder();
    TaskScope.run(scope -> {
      for (String name : List.of("a", "b", "c")) {
        scope.goAsync(() -> order.append(name));
      }
      return null;
    });
    return order.toString();
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
        .hasMessageContaining("SimulationTest");
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
  void theEndOfTheBodyCancelsTheProgramsOfHosts() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.host(
              "server",
              () -> {
                try {
                  GoAsync.sleep(Duration.ofHours(1));
                } finally {
                  events.add("ended at " + world.elapsed());
                }
              });
          GoAsync.sleep(Duration.ofSeconds(1));
        });
    assertEquals(List.of("ended at PT1S"), events);
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
  void offloadTakesVirtualTimeOnTheSameThread() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          assertEquals("done", GoAsync.offload(() -> GoAsync.inCoroutine() ? "inside" : "done"));
          assertTrue(world.elapsed().compareTo(Duration.ZERO) > 0);
          assertTrue(world.elapsed().compareTo(Duration.ofMillis(10)) < 0);
        });
  }

  @Test
  void syncHoldsTheLoopAndOtherLoopsGoOn() throws Exception {
    Simulation.with()
        .seeds(50)
        .run(world -> {
          List<String> order = new ArrayList<>();
          try (EventLoop other = EventLoop.start("other")) {
            Channel<String> channel = Channel.rendezvous(other);
            Task<?> sender = other.goAsync(() -> channel.send("message"));
            Task<?> beside = GoAsync.goAsync(() -> order.add("beside"));
            GoAsync.sync(() -> order.add(channel.receive()));
            beside.await();
            sender.await();
          }
          assertEquals(List.of("message", "beside"), order);
        });
  }

  @Test
  void noTimerOfALoopFiresWhileItIsHeld() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          List<String> order = new ArrayList<>();
          try (EventLoop other = EventLoop.start("other")) {
            Task<?> sleeper =
                GoAsync.goAsync(() -> {
                  GoAsync.sleep(Duration.ofMillis(1));
                  order.add("timer");
                });
            GoAsync.yield();
            Task<?> slow = other.goAsync(() -> GoAsync.sleep(Duration.ofSeconds(1)));
            GoAsync.sync(() -> {
              slow.await();
              order.add("sync");
            });
            sleeper.await();
          }
          assertEquals(List.of("sync", "timer"), order);
        });
  }

  @Test
  void theSameSeedHasTheSameTrace() throws Exception {
    Simulation.with()
        .seeds(20)
        .checkDeterminism(world -> {
          Channel<Integer> channel = Channel.bounded(2);
          TaskScope.run(scope -> {
            for (int i = 0; i < 3; i++) {
              int number = i;
              scope.goAsync(() -> {
                GoAsync.sleep(Duration.ofMillis(world.random().nextInt(5)));
                channel.send(number);
              });
            }
            for (int i = 0; i < 3; i++) {
              var _ = channel.receive();
            }
            return null;
          });
        });
  }

  @Test
  void aDifferenceBetweenTwoRunsIsNamed() {
    List<Integer> runs = new ArrayList<>();
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .checkDeterminism(world -> {
                      runs.add(1);
                      GoAsync.sleep(Duration.ofSeconds(runs.size()));
                    }));
    assertThat(failure).hasMessageContaining("differ: event").hasMessageContaining("PT2S");
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

  @Test
  void filesAndProgramsAreRefusedWithASentence() throws Exception {
    Simulation.with()
        .run(world -> {
          var thrown =
              assertThrows(
                  UnsupportedOperationException.class,
                  () -> dev.goasync.file.AsyncFiles.readString(java.nio.file.Path.of("x")));
          assertThat(thrown).hasMessageContaining("a simulation");
          assertThrows(
              UnsupportedOperationException.class,
              () -> dev.goasync.process.Command.of("true").run());
        });
  }
}
