package dev.goasync.internal.simulated;

import java.util.List;

/**
 * A schedule of which some choices are replaced by the simplest ones, those of {@link
 * InOrderSchedule}. It always asks the schedule that it is made from, so that the choices that are
 * kept have the values that they had.
 */
final class ReducedSchedule implements Schedule {
  private final Schedule drawn;
  private final Choices choices;

  ReducedSchedule(Schedule drawn, Choices choices) {
    this.drawn = drawn;
    this.choices = choices;
  }

  @Override
  public int nextLoop(List<SimulatedLoop> awake) {
    int loop = drawn.nextLoop(awake);
    return choices.keepsScheduled(loop == 0) ? loop : 0;
  }

  @Override
  public int nextTask(SimulatedLoop loop) {
    int task = drawn.nextTask(loop);
    return choices.keepsScheduled(task == 0) ? task : 0;
  }

  @Override
  public boolean yieldsFirst() {
    boolean yields = drawn.yieldsFirst();
    return choices.keepsScheduled(!yields) && yields;
  }

  @Override
  public boolean preempts() {
    boolean preempts = drawn.preempts();
    return choices.keepsScheduled(!preempts) && preempts;
  }

  @Override
  public int limitTransfer(int available) {
    int limit = drawn.limitTransfer(available);
    return choices.keepsScheduled(limit == available) ? limit : available;
  }
}
