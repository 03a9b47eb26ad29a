package dev.goasync.internal.simulated;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides what a simulation leaves open: which ready task is next, whether an operation waits
 * although it could go on, and how many bytes a read brings. One object for one run.
 */
public interface Schedule {
  /** Makes the schedule of one run. */
  @FunctionalInterface
  interface Factory {
    /** Makes a schedule that draws from {@code random}. */
    Schedule create(SplittableRandom random);
  }

  /** Returns the index of the loop that is next. */
  int nextLoop(List<SimulatedLoop> awake);

  /** Returns the index of the ready task of the chosen loop that is next. */
  int nextTask(SimulatedLoop loop);

  /** Whether an operation that need not wait lets other tasks run first. */
  boolean yieldsFirst();

  /**
   * Whether a coroutine that has woken another loop is preempted, as by a second processor: the
   * other loops may run, and its own loop waits for it.
   */
  boolean preempts();

  /** Returns how many of the available bytes a transfer moves, at least one. */
  int limitTransfer(int available);
}
