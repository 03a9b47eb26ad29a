package dev.goasync.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.sync.Channel;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.Scripts;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nested scopes of all policies in a simulation, with failures, cancels from outside, time limits
 * and shields. When a scope has returned, all tasks that it has started have ended, and a shielded
 * part of a task has run to its end.
 */
@Timeout(600)
final class ScopesInSimulationTest {
  private static final int MAX_DEPTH = 3;

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void noTaskOutlivesItsScope() throws Exception {
    Scripts.run(
        "scopes",
        300,
        seed -> {
          Scheduling scheduling = seed % 2 == 0 ? Scheduling.random() : Scheduling.pct(3);
          Simulation.with()
              .seed(seed)
              .scheduling(scheduling)
              .maxSteps(100_000)
              .run(world -> new Run(world).run());
        });
  }

  /** What a task throws on purpose. */
  private static final class Planned extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** One run. */
  private static final class Run {
    private final RandomGenerator random;
    private final Channel<Integer> channel = Channel.bounded(2);
    private int running;
    private int shieldsBegun;
    private int shieldsEnded;

    Run(World world) {
      this.random = world.random();
    }

    void run() {
      for (int i = 0; i < 5; i++) {
        Task<?> root = GoAsync.goAsync(() -> runScope(0));
        if (random.nextBoolean()) {
          GoAsync.sleep(millis(20));
          root.cancel();
        }
        try {
          root.await();
        } catch (Planned | CancellationException | DeadlineExceededException expected) {
          // as drawn
        }
        assertEquals(0, running);
        assertEquals(shieldsBegun, shieldsEnded);
      }
    }

    private Duration millis(int max) {
      return Duration.ofMillis(random.nextInt(max));
    }

    private void runScope(int depth) {
      TaskScope.Policy[] policies = TaskScope.Policy.values();
      int before = running;
      int[] alive = {0};
      try {
        TaskScope.with()
            .policy(policies[random.nextInt(policies.length)])
            .maxConcurrency(1 + random.nextInt(4))
            .run(scope -> {
              int tasks = 1 + random.nextInt(4);
              for (int i = 0; i < tasks; i++) {
                scope.goAsync(() -> runTask(depth, alive));
              }
              if (random.nextInt(4) == 0) {
                GoAsync.sleep(millis(10));
                throw new Planned();
              }
              return null;
            });
      } finally {
        assertEquals(0, alive[0], "tasks alive after their scope, " + before + " before it");
      }
    }

    private void runTask(int depth, int[] alive) {
      running++;
      alive[0]++;
      try {
        act(depth);
      } finally {
        alive[0]--;
        running--;
      }
    }

    private void act(int depth) {
      switch (random.nextInt(7)) {
        case 0 -> GoAsync.sleep(millis(30));
        case 1 -> throw new Planned();
        case 2 -> {
          shieldsBegun++;
          GoAsync.shielded(() -> GoAsync.sleep(millis(10)));
          shieldsEnded++;
        }
        case 3 -> channel.trySend(1, millis(10));
        case 4 -> channel.tryReceive(millis(10));
        case 5 -> {
          Duration limit = millis(10);
          try {
            GoAsync.withTimeout(limit, () -> GoAsync.sleep(Duration.ofMillis(5)));
          } catch (DeadlineExceededException late) {
            assertTrue(limit.toMillis() <= 5);
          }
        }
        default -> {
          if (depth < MAX_DEPTH) {
            runScope(depth + 1);
          }
        }
      }
    }
  }
}
