package dev.goasync.internal.simulated;

import java.util.List;

/** First in, first out: the loops take turns, and a loop runs its tasks in order. */
public final class InOrderSchedule implements Schedule {
  @Override
  public int nextLoop(List<SimulatedLoop> awake) {
    return 0; // the world moves a loop that has run to the end
  }

  @Override
  public int nextTask(SimulatedLoop loop) {
    return 0;
  }

  @Override
  public boolean yieldsFirst() {
    return false;
  }

  @Override
  public boolean preempts() {
    return false;
  }

  @Override
  public int limitTransfer(int available) {
    return available;
  }
}
