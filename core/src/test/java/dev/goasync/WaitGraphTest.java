package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.sync.Mutex;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random wait-for graphs, with time limits and cancels, compared with an oracle that knows which
 * wait closes a cycle that nothing breaks.
 */
@Timeout(600)
final class WaitGraphTest {
  private static final int GRAPHS = 300;
  private static final Duration STEP = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final int NONE = -1;

  /** One step: {@code actor}, having cancelled another task or none, waits for {@code target}. */
  private record Step(int actor, int target, boolean byMutex, boolean limited, int cancels) {}

  private static List<Step> random(Random random, int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<Step> steps = new ArrayList<>();
    for (int actor : order) {
      int target = (actor + 1 + random.nextInt(count - 1)) % count;
      int cancelled = (actor + 1 + random.nextInt(count - 1)) % count;
      steps.add(
          new Step(
              actor,
              target,
              random.nextBoolean(),
              random.nextInt(6) == 0,
              random.nextInt(5) == 0 ? cancelled : NONE));
    }
    return steps;
  }

  /** The tasks that get a deadlock report, by a simulation of the graph. */
  private static Set<Integer> expected(List<Step> steps) {
    int count = steps.size();
    @Nullable Step[] waiting = new Step[count];
    boolean[] ended = new boolean[count];
    Set<Integer> reported = new TreeSet<>();
    for (Step step : steps) {
      if (ended[step.actor]) {
        continue;
      }
      int cancelled = step.cancels == NONE || ended[step.cancels] ? NONE : step.cancels;
      if (ended[step.target]) {
        end(step.actor, waiting, ended);
      } else {
        boolean breakable = step.limited;
        int member = step.target;
        for (int i = 0; i < count && member != step.actor; i++) { // it may lead into another cycle
          Step next = waiting[member];
          if (next == null) {
            break;
          }
          breakable |= next.limited || member == cancelled;
          member = next.target;
        }
        if (member == step.actor && !breakable) {
          reported.add(step.actor);
          end(step.actor, waiting, ended);
        } else {
          waiting[step.actor] = step;
        }
      }
      if (cancelled != NONE) {
        end(cancelled, waiting, ended);
      }
    }
    return reported;
  }

  /** A task that ends lets all end that wait for it. */
  private static void end(int task, @Nullable Step[] waiting, boolean[] ended) {
    if (ended[task]) {
      return;
    }
    ended[task] = true;
    waiting[task] = null;
    for (int other = 0; other < waiting.length; other++) {
      Step step = waiting[other];
      if (step != null && step.target == task) {
        end(other, waiting, ended);
      }
    }
  }

  private static Set<Integer> observed(List<Step> steps) throws Exception {
    int count = steps.size();
    Set<Integer> reported = new TreeSet<>();
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        List<Task<?>> tasks = new ArrayList<>();
        List<Mutex> mutexes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          mutexes.add(new Mutex());
          tasks.add(goAsync(() -> {}));
        }
        for (int at = 0; at < count; at++) {
          Step step = steps.get(at);
          Duration delay = STEP.multipliedBy(at + 1L);
          tasks.set(
              step.actor,
              goAsync(() ->
                  mutexes
                      .get(step.actor)
                      .withLock(() -> {
                        sleep(delay);
                        if (step.cancels != NONE) {
                          tasks.get(step.cancels).cancel();
                        }
                        try {
                          perform(step, tasks, mutexes);
                        } catch (DeadlockException deadlock) {
                          reported.add(step.actor);
                        } catch (DeadlineExceededException | CancellationException ended) {
                          // a limit or a cancel
                        }
                      })));
        }
        for (Task<?> task : tasks) {
          try {
            task.await();
          } catch (CancellationException cancelled) {
            // by another task
          }
        }
      });
    }
    return reported;
  }

  private static void perform(Step step, List<Task<?>> tasks, List<Mutex> mutexes) {
    Action<RuntimeException> wait =
        step.byMutex
            ? () -> mutexes.get(step.target).withLock(() -> {})
            : () -> tasks.get(step.target).await();
    if (step.limited) {
      GoAsync.withTimeout(
          LIMIT,
          () -> {
            wait.run();
            return 0;
          });
    } else {
      wait.run();
    }
  }

  @Test
  void reportsAgreeWithTheOracle() throws Exception {
    int[] withReport = {0, 0};
    Scripts.run(
        "wait graphs",
        GRAPHS,
        seed -> {
          Random random = new Random(seed);
          List<Step> steps = random(random, 2 + random.nextInt(5));
          Set<Integer> expected = expected(steps);
          assertThat(observed(steps)).as("%s", steps).isEqualTo(expected);
          withReport[expected.isEmpty() ? 0 : 1]++;
        });
    if (withReport[0] + withReport[1] >= GRAPHS) {
      assertThat(withReport[1]).as("graphs with a report").isGreaterThan(GRAPHS / 20);
    }
  }
}
