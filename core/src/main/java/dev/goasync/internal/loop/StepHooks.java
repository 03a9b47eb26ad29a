package dev.goasync.internal.loop;

/**
 * What a simulation does for the fibers of a loop that it steps ({@link LoopStepper}). Called on
 * the loop's thread or by its current fiber, unless said otherwise.
 */
public interface StepHooks {
  /** Starts the virtual thread of a fiber. */
  void startThread(Thread thread);

  /** The fiber's first run has been queued. */
  void fiberStarted(Fiber fiber);

  /** The fiber has ended, or could not be started; in the first case called by the fiber. */
  void fiberEnded(Fiber fiber);

  /** Another loop, or a thread outside the simulation, is about to submit a task. Any thread. */
  void taskSubmitted();

  /** Draws how long the next call of {@code offload} takes, in nanoseconds. */
  long drawWorkNanos();
}
