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

  FiberRun(Fiber fiber, int number) {
    this.fiber = fiber;
    this.number = number;
  }

  @Override
  public String toString() {
    return fiber.loop().name() + ": coroutine " + number + " (" + fiber.describe() + ")";
  }
}
