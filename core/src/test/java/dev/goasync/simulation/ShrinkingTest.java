package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Condition;
import dev.goasync.sync.Mutex;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Failures with fewer random choices. */
@Isolated // sets a system property
@Timeout(60)
final class ShrinkingTest {
  private static final Pattern CHOICES = Pattern.compile("-Dgoasync.simulation.choices=(\\S+)");

  private static final Pattern COUNTS = Pattern.compile("(\\d+) random choices of (\\d+)");

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @AfterEach
  void forgetChoices() {
    System.clearProperty(Simulation.CHOICES_PROPERTY);
  }

  private static SimulationFailure fail(Simulation.Options options, Simulation.Scenario scenario) {
    return assertThrows(SimulationFailure.class, () -> options.run(scenario));
  }

  private static String choicesOf(SimulationFailure failure) {
    Matcher matcher = CHOICES.matcher(String.valueOf(failure.getMessage()));
    assertTrue(matcher.find(), failure.getMessage());
    return matcher.group(1);
  }

  /** Makes 50 random faults, of which two of the first kind are too many. */
  private static void drawFaults(World world, List<Integer> faults) {
    faults.clear();
    for (int i = 0; i < 50; i++) {
      GoAsync.sleep(Duration.ofMillis(1));
      faults.add(world.random().nextInt(5));
    }
    assertTrue(faults.stream().filter(fault -> fault == 1).count() < 2, "two faults");
  }

  @Test
  void onlyTheFaultsThatMatterAreLeft() {
    List<Integer> faults = new ArrayList<>();
    var failure = fail(Simulation.with().shrink(1_000), world -> drawFaults(world, faults));
    assertEquals(2, faults.stream().filter(fault -> fault == 1).count());
    assertEquals(48, faults.stream().filter(fault -> fault == 0).count());
    assertThat(failure).hasMessageContaining("2 random choices of ");
    assertThat(choicesOf(failure)).matches("s/d\\d+[,-]\\d+");
  }

  @Test
  void theChoicesShowTheSameRunAgain() {
    List<Integer> faults = new ArrayList<>();
    var failure = fail(Simulation.with().shrink(1_000), world -> drawFaults(world, faults));
    List<Integer> shrunk = List.copyOf(faults);
    System.setProperty(Simulation.CHOICES_PROPERTY, choicesOf(failure));
    var again = fail(Simulation.with().shrink(1_000), world -> drawFaults(world, faults));
    assertEquals(shrunk, faults);
    assertThat(again).hasMessageContaining("choices=" + choicesOf(failure));
    assertThat(again.getMessage()).doesNotContain("shrunk by");
  }

  @Test
  void withoutTheOptionAFailureIsThrownAtOnce() {
    int[] runs = {0};
    var failure =
        fail(
            Simulation.with(),
            world -> {
              runs[0]++;
              drawFaults(world, new ArrayList<>());
            });
    assertEquals(1, runs[0]);
    assertThat(failure.getMessage()).doesNotContain("choices");
  }

  @Test
  void theSearchEndsAfterTheNumberOfRuns() {
    int[] runs = {0};
    fail(
        Simulation.with().shrink(10),
        world -> {
          runs[0]++;
          drawFaults(world, new ArrayList<>());
        });
    assertEquals(11, runs[0]);
    assertThrows(IllegalArgumentException.class, () -> Simulation.with().shrink(-1));
  }

  private static void loseAWakeUp() {
    Mutex mutex = new Mutex();
    Condition changed = mutex.newCondition();
    boolean[] finished = {false};
    try (EventLoop other = EventLoop.start("other")) {
      for (int i = 0; i < 20; i++) {
        other.goAsync(() -> GoAsync.yield()).await();
      }
      Task<?> waiter =
          other.goAsync(() -> {
            if (!finished[0]) {
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
  void theScheduleGetsSimpler() {
    var failure = fail(Simulation.with().seeds(10_000).shrink(1_000), world -> loseAWakeUp());
    assertThat(failure).hasMessageContaining("deadlock");
    Matcher counts = COUNTS.matcher(String.valueOf(failure.getMessage()));
    assertTrue(counts.find(), failure.getMessage());
    int left = Integer.parseInt(counts.group(1));
    assertThat(left).isBetween(1, Integer.parseInt(counts.group(2)) / 4);
  }

  /** Priorities decide most choices together, so fewer can be left out one by one. */
  @Test
  void aScheduleByPrioritiesGetsSimplerToo() {
    var options = Simulation.with().seeds(10_000).scheduling(Scheduling.pct(3)).shrink(1_000);
    var failure = fail(options, world -> loseAWakeUp());
    Matcher counts = COUNTS.matcher(String.valueOf(failure.getMessage()));
    assertTrue(counts.find(), failure.getMessage());
    assertThat(Integer.parseInt(counts.group(1))).isLessThan(Integer.parseInt(counts.group(2)));
  }

  /** A program that draws until two numbers differ would run for ever with zeros alone. */
  @Test
  void notAllNumbersAreZero() {
    var failure =
        fail(
            Simulation.with().shrink(100),
            world -> {
              int first = world.random().nextInt(10);
              while (world.random().nextInt(10) == first) {}
              throw new IllegalStateException("always");
            });
    assertThat(failure).hasMessageContaining("always").hasMessageContaining("choices=s/d");
  }

  @Test
  void malformedChoicesAreRefused() {
    for (String text : List.of("", "s1", "d1/s2", "s1,/d", "s1-x/d", "s/d9999999999")) {
      System.setProperty(Simulation.CHOICES_PROPERTY, text);
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> Simulation.with().run(world -> {}), text);
      assertThat(refused).hasMessageContaining("choices must look like s1,5-9/d0");
    }
  }
}
