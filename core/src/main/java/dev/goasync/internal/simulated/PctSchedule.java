package dev.goasync.internal.simulated;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatti, 2010). Each
 * coroutine has a random priority, and the ready one with the highest priority runs. At {@code
 * depth - 1} random steps the coroutine that would run gets a priority below all others. A bug that
 * needs {@code depth} ordering constraints is found with a probability that depends on the numbers
 * of coroutines and steps only, not on how rare the order is.
 *
 * <p>The paper draws the steps from the length of the run, which is not known here: their logarithm
 * is drawn evenly instead. A coroutine that runs {@link #MAX_IN_A_ROW} times without a pause, since
 * it yields and waits for others that way, loses its priority too.
 */
public final class PctSchedule implements Schedule {
  private static final int MAX_IN_A_ROW = 64;
  private static final int MIN_STEP_BITS = 3;
  private static final int MAX_STEP_BITS = 16;

  private final SplittableRandom random;
  private final Set<Integer> changes = new HashSet<>();
  private int steps;
  private long lowest;
  private @Nullable FiberRun last;
  private int inARow;
  private int chosenTask;

  /**
   * @param random the source of the choices
   * @param depth the number of ordering constraints of the bugs to find, at least 1
   */
  public PctSchedule(SplittableRandom random, int depth) {
    this.random = random;
    for (int i = 1; i < depth; i++) {
      changes.add(random.nextInt(1 << random.nextInt(MIN_STEP_BITS, MAX_STEP_BITS)));
    }
  }

  @Override
  public int nextLoop(List<SimulatedLoop> awake) {
    if (changes.contains(steps++)) {
      choose(awake);
      lower(last);
    }
    int chosen = choose(awake);
    return chosen;
  }

  /** Sets {@link #last} and {@link #chosenTask}; returns the index of the loop. */
  private int choose(List<SimulatedLoop> awake) {
    long best = Long.MIN_VALUE;
    int chosenLoop = 0;
    chosenTask = 0;
    FiberRun chosen = null;
    for (int i = 0; i < awake.size(); i++) {
      SimulatedLoop loop = awake.get(i);
      for (int k = 0; k < loop.stepper().readyTasks(); k++) {
        FiberRun run = loop.fiberOf(loop.stepper().readyTask(k));
        if (run == null) {
          last = null; // a message to the loop, which takes no turn away from a coroutine
          chosenTask = k;
          return i;
        }
        if (priority(run) > best || chosen == null) {
          best = priority(run);
          chosen = run;
          chosenLoop = i;
          chosenTask = k;
        }
      }
    }
    if (chosen == last && ++inARow > MAX_IN_A_ROW) {
      lower(chosen);
      inARow = 0;
    } else if (chosen != last) {
      inARow = 0;
    }
    last = chosen;
    return chosenLoop;
  }

  private long priority(FiberRun run) {
    if (run.priority == 0) {
      run.priority = random.nextLong(1, Long.MAX_VALUE);
    }
    return run.priority;
  }

  private void lower(@Nullable FiberRun run) {
    if (run != null) {
      run.priority = --lowest;
    }
  }

  @Override
  public int nextTask(SimulatedLoop loop) {
    return Math.min(chosenTask, loop.stepper().readyTasks() - 1);
  }

  @Override
  public boolean yieldsFirst() {
    return false;
  }

  @Override
  public boolean preempts() {
    return true;
  }

  @Override
  public int limitTransfer(int available) {
    return available;
  }
}
