package dev.goasync.internal.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All schedules of a scenario, which its runs visit one after another. A schedule is a path in a
 * tree: each node is a choice among several loops or tasks. A run repeats the choices of the run
 * before, except the last one that has an alternative, and takes the first alternative from there
 * on (depth first).
 *
 * <p>The numbers of bytes that reads bring, and the times of messages, are not choices: a run moves
 * all bytes that it can, and the seed draws the times.
 */
public final class ScheduleTree implements Schedule.Factory {
  /** A choice of the current path. */
  private static final class Choice {
    private final int alternatives;
    private int taken;

    Choice(int alternatives) {
      this.alternatives = alternatives;
    }
  }

  private final long maxSchedules;
  private final List<Choice> path = new ArrayList<>();
  private long visited;
  private int depth;
  private boolean differs;

  /**
   * @param maxSchedules how many schedules are visited at most
   */
  public ScheduleTree(long maxSchedules) {
    this.maxSchedules = maxSchedules;
  }

  /** Returns the next schedule. */
  @Override
  public Schedule create(SplittableRandom random) {
    visited++;
    depth = 0;
    return new Visit();
  }

  private int choose(int alternatives) {
    if (alternatives == 1) {
      return 0;
    }
    if (depth == path.size()) {
      path.add(new Choice(alternatives));
    }
    Choice choice = path.get(depth++);
    differs |= choice.alternatives != alternatives;
    return Math.min(choice.taken, alternatives - 1);
  }

  /**
   * Turns to the next schedule after a run; returns false if all were run.
   *
   * @throws IllegalStateException if more are left than may be visited, or the run did not repeat
   *     the choices of the run before
   */
  public boolean advance() {
    if (differs || depth < path.size()) {
      throw new IllegalStateException(
          "the schedules cannot be visited one after another: two runs with the same choices"
              + " differ; checkDeterminism with another strategy names the first event that does");
    }
    while (!path.isEmpty()) {
      Choice last = path.getLast();
      if (++last.taken < last.alternatives) {
        checkLimit();
        return true;
      }
      path.removeLast();
    }
    return false;
  }

  private void checkLimit() {
    if (visited == maxSchedules) {
      throw new IllegalStateException(
          "the scenario has more than "
              + maxSchedules
              + " schedules, and none of these fails; make it smaller, raise maxSchedules, or use"
              + " another strategy");
    }
  }

  private final class Visit implements Schedule {
    @Override
    public int nextLoop(List<SimulatedLoop> awake) {
      return choose(awake.size());
    }

    @Override
    public int nextTask(SimulatedLoop loop) {
      return choose(loop.stepper().readyTasks());
    }

    @Override
    public boolean yieldsFirst() {
      return choose(2) == 1;
    }

    @Override
    public boolean preempts() {
      return choose(2) == 1;
    }

    @Override
    public int limitTransfer(int available) {
      return available;
    }
  }
}
