package dev.goasync.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;

/** {@link SimulationTest}: the seeds that run, and how their failures look. */
final class SimulationTestTest {
  private static final List<String> EVENTS = new ArrayList<>();

  @BeforeEach
  void forgetEvents() {
    EVENTS.clear();
  }

  static final class ThreeSeeds {
    @BeforeEach
    void before() {
      EVENTS.add("before " + GoAsync.inCoroutine());
    }

    @SimulationTest(seeds = 3, firstSeed = 5)
    void sleeps(World world) {
      GoAsync.sleep(Duration.ofHours(1));
      EVENTS.add("test " + world.elapsed());
    }

    @AfterEach
    void after() {
      EVENTS.add("after " + GoAsync.inCoroutine());
    }
  }

  @Test
  void eachSeedIsAnInvocation() {
    Launched launched = Launched.run(ThreeSeeds.class);
    assertEquals(List.of("seed 5", "seed 6", "seed 7"), launched.names());
    assertEquals(List.of(), launched.failures());
    assertEquals(
        List.of("before false", "test PT1H", "after false"), EVENTS.subList(0, EVENTS.size() / 3));
    assertEquals(9, EVENTS.size());
  }

  static final class FailsAtSome {
    @SimulationTest(
        seeds = 1_000,
        regressionSeeds = {77, 80})
    void fails(World world) {
      assertTrue(world.random().nextInt(10) > 0, "drawn");
    }
  }

  @Test
  void regressionSeedsRunFirstAndTheFirstFailureEndsTheTest() {
    Launched launched = Launched.run(FailsAtSome.class);
    assertThat(launched.names()).startsWith("seed 77", "seed 80", "seed 1").hasSizeLessThan(100);
    assertThat(launched.failures()).hasSize(1);
    String last = launched.names().getLast();
    assertThat(launched.failures().getFirst())
        .contains(last + ", random", "drawn", "-Dgoasync.simulation.seed=" + last.substring(5));
  }

  @Test
  void thePropertyRunsOneSeedAlone() {
    System.setProperty(Simulation.SEED_PROPERTY, "42");
    try {
      assertEquals(List.of("seed 42"), Launched.run(ThreeSeeds.class).names());
    } finally {
      System.clearProperty(Simulation.SEED_PROPERTY);
    }
  }

  static final class Batches {
    @SimulationTest(seeds = 10, batch = 4, order = SimulationTest.Order.PCT)
    void counts() {
      EVENTS.add("run");
    }
  }

  @Test
  void anInvocationCanRunSeveralSeeds() {
    Launched launched = Launched.run(Batches.class);
    assertEquals(List.of("seeds 1 to 4", "seeds 5 to 8", "seeds 9 to 10"), launched.names());
    assertEquals(10, EVENTS.size());
  }

  static final class WithoutTime {
    @SimulationTest(seeds = 1_000_000_000, regressionSeeds = 7, budget = "PT0S")
    void runs() {}
  }

  @Test
  void theBudgetEndsTheTestAfterTheFirstSeed() {
    assertEquals(List.of("seed 7", "seed 1"), Launched.run(WithoutTime.class).names());
  }

  static final class Assumes {
    @SimulationTest
    void assumes() {
      assumeTrue(false, "never");
    }
  }

  @Test
  void aFailedAssumptionAbortsTheTest() {
    Launched launched = Launched.run(Assumes.class);
    assertEquals(List.of("seed 1"), launched.names());
    assertEquals(TestExecutionResult.Status.ABORTED, launched.lastStatus());
  }

  static final class Limited {
    @SimulationTest(order = SimulationTest.Order.IN_ORDER, maxTime = "PT1M")
    void sleepsForTooLong() {
      GoAsync.sleep(Duration.ofHours(1));
    }
  }

  @Test
  void theLimitsAreThoseOfTheSimulation() {
    assertThat(Launched.run(Limited.class).failures())
        .singleElement()
        .asString()
        .contains("inOrder: the run has not ended after PT1M");
  }

  static final class AllOrders {
    @SimulationTest(order = SimulationTest.Order.EXHAUSTIVE, seeds = 1, maxSchedules = 10)
    void two() {
      StringBuilder order = new StringBuilder();
      TaskScope.run(scope -> {
        scope.goAsync(() -> order.append("a"));
        scope.goAsync(() -> order.append("b"));
        return null;
      });
      EVENTS.add(order.toString());
    }
  }

  @Test
  void anInvocationCanRunAllSchedules() {
    Launched launched = Launched.run(AllOrders.class);
    assertEquals(List.of(), launched.failures());
    assertEquals(List.of("seed 1"), launched.names());
    assertThat(EVENTS).containsExactlyInAnyOrder("ab", "ba");
  }

  static final class Drawn {
    @SimulationTest(pictures = "target/pictures")
    void fails() {
      throw new IllegalStateException("to be drawn");
    }
  }

  @Test
  void aFailureIsDrawn() throws Exception {
    Path picture = Path.of("target/pictures/seed-1.html");
    assertThat(Launched.run(Drawn.class).failures())
        .singleElement()
        .asString()
        .endsWith("picture: " + picture);
    assertTrue(Files.readString(picture).contains("to be drawn"));
  }

  static final class NoSeeds {
    @SimulationTest(seeds = 0)
    void never() {
      EVENTS.add("run");
    }
  }

  static final class WrongBudget {
    @SimulationTest(budget = "soon")
    void never() {
      EVENTS.add("run");
    }
  }

  @Test
  void aWrongValueIsNamed() {
    assertThat(Launched.run(NoSeeds.class).failures().getFirst())
        .contains("seeds must be positive: 0");
    assertThat(Launched.run(WrongBudget.class).failures().getFirst())
        .contains("budget is not a duration such as PT10S: \"soon\"");
    assertFalse(EVENTS.contains("run"));
  }
}
