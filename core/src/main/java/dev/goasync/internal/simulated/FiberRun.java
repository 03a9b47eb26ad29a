package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;

/** A coroutine that runs in a simulation. Owned by the world's thread. */
final class FiberRun {
  final Fiber fiber;

  /** Counted from 1 in the world, the same in every run of a seed. */
  private final int number;

  /** The priority of {@link PctSchedule}; 0 until it has drawn one. */
  long priority;

  boolean ended;

  private final String place;

  /**
   * @param place the host and the number of its loop: names of loops may be counted in the JVM
   */
  FiberRun(Fiber fiber, int number, String place) {
    this.fiber = fiber;
    this.number = number;
    this.place = place;
  }

  @Override
  public String toString() {
    return place + ": coroutine " + number + " (" + fiber.describe() + ")";
  }
}
