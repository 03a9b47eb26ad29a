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
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Condition;
import dev.goasync.sync.Event;
import dev.goasync.sync.Mutex;
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

  /** A new host may run before the call that adds it returns. */
  @Test
  void aProgramGetsItsHost() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          List<String> names = new ArrayList<>();
          Host host = world.host("db", self -> names.add(self.name() + world.hosts().size()));
          GoAsync.sleep(Duration.ofSeconds(1));
          assertEquals(List.of("db2"), names);
          assertEquals("db", host.name());
        });
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

  /** Has a lost wake-up if {@code checksUnderLock} is false. */
  private static final class Job {
    private final Mutex mutex = new Mutex();
    private final Condition changed = mutex.newCondition();
    private final boolean checksUnderLock;
    private volatile boolean finished;

    Job(boolean checksUnderLock) {
      this.checksUnderLock = checksUnderLock;
    }

    void finish() {
      mutex.withLock(() -> {
        finished = true;
        changed.signalAll();
      });
    }

    void awaitFinished() {
      if (checksUnderLock || !finished) {
        mutex.withLock(() -> {
          if (!(checksUnderLock && finished)) {
            changed.await();
          }
        });
      }
    }
  }

  private static void waitForJob(boolean checksUnderLock) {
    Job job = new Job(checksUnderLock);
    try (EventLoop other = EventLoop.start("other")) {
      Task<?> waiter = other.goAsync(job::awaitFinished);
      job.finish();
      waiter.await();
    }
  }

  @Test
  void aLostWakeUpBetweenLoopsIsFound() throws Exception {
    for (Scheduling scheduling : List.of(Scheduling.random(), Scheduling.pct(2))) {
      Simulation.Options options = Simulation.with().scheduling(scheduling).seeds(1_000);
      var found =
          assertThrows(SimulationFailure.class, () -> options.run(world -> waitForJob(false)));
      assertThat(found).hasMessageContaining("deadlock").hasMessageContaining("a signal of");
      options.run(world -> waitForJob(true));
    }
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
            Loop loop = Objects.requireNonNull(Fiber.current()).loop();
            LoopTimer timer =
                new LoopTimer() {
                  @Override
                  protected void fire() {
                    order.add("timer");
                  }
                };
            loop.addTimer(timer, loop.time().nanoTime() + 1_000_000);
            Task<?> slow = other.goAsync(() -> GoAsync.sleep(Duration.ofSeconds(1)));
            GoAsync.sync(() -> {
              slow.await();
              order.add("sync");
            });
            GoAsync.sleep(Duration.ofMillis(1));
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
  void namesThatAreCountedInTheJvmMakeNoDifference() throws Exception {
    Simulation.with()
        .checkDeterminism(world -> {
          try (EventLoop other = EventLoop.start()) {
            other.goAsync(() -> GoAsync.yield()).await();
          }
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
}
