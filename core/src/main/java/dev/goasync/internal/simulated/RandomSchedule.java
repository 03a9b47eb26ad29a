package dev.goasync.internal.simulated;

import java.util.List;
import java.util.SplittableRandom;

/** Chooses each time among all candidates, with equal probability. */
public final class RandomSchedule implements Schedule {
  private static final int ONE_YIELD_IN = 8;
  private static final int ONE_SHORT_TRANSFER_IN = 4;

  private final SplittableRandom random;

  /**
   * @param random the source of the choices
   */
  public RandomSchedule(SplittableRandom random) {
    this.random = random;
  }

  @Override
  public int nextLoop(List<SimulatedLoop> awake) {
    return draw(awake.size());
  }

  @Override
  public int nextTask(SimulatedLoop loop) {
    return draw(loop.stepper().readyTasks());
  }

  private int draw(int bound) {
    return bound == 1 ? 0 : random.nextInt(bound);
  }

  @Override
  public boolean yieldsFirst() {
    return random.nextInt(ONE_YIELD_IN) == 0;
  }

  @Override
  public boolean preempts() {
    return random.nextBoolean();
  }

  @Override
  public int limitTransfer(int available) {
    return available > 1 && random.nextInt(ONE_SHORT_TRANSFER_IN) == 0
        ? random.nextInt(1, available)
        : available;
  }
}
