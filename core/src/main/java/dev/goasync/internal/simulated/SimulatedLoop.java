package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopStepper;
import dev.goasync.internal.loop.Poller;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A loop of a simulated host. Owned by the world's thread. */
public final class SimulatedLoop implements Poller {
  final HostRun run;
  private final LoopStepper stepper;

  /** Whether the loop is in the world's list of loops that have something to run. */
  boolean awake;

  SimulatedLoop(HostRun run, String name, long seed) {
    this.run = run;
    this.stepper =
        LoopStepper.open(
            name, run.host.world.thread(), run.host.time, new SimulatedBackend(this), run, seed);
    try {
      var _ = loop().poller(); // from now on wakeup reports to the world
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  LoopStepper stepper() {
    return stepper;
  }

  Loop loop() {
    return stepper.loop();
  }

  /** The coroutine that a ready task continues; null if it is a message to the loop. */
  @Nullable FiberRun fiberOf(Runnable task) {
    return run.fiberOf(task);
  }

  /** The loop is stepped, and never waits by itself. */
  @Override
  public void poll(long timeoutNanos) {
    throw new IllegalStateException("a loop of a simulation was made to poll: " + loop().name());
  }

  @Override
  public void wakeup() {
    run.host.world.wake(this);
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public void close() {}
}
