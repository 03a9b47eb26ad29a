package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.StepHooks;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs the bodies of {@code offload} in a simulation, which has no other threads: the coroutine
 * sleeps for a drawn time, then runs the body itself, as a caller outside coroutines. A body that
 * blocks the thread for real blocks the simulation.
 */
final class SimulatedOffload {
  private SimulatedOffload() {}

  /** As {@link Offload#run}; a cancel before the body begins withdraws it. */
  @SuppressWarnings("unchecked") // X is what the body throws
  static <T extends @Nullable Object, X extends Exception> T run(
      Fiber fiber, StepHooks simulation, Callable<? extends T> body) throws X {
    fiber.sleep(simulation.drawWorkNanos());
    Outcome<T> outcome = new Outcome<>(body);
    fiber.runDetached(outcome);
    Throwable thrown = outcome.failure;
    if (thrown == null) {
      return outcome.value();
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (X) thrown;
  }

  private static final class Outcome<T extends @Nullable Object> implements Runnable {
    private final Callable<? extends T> body;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Outcome(Callable<? extends T> body) {
      this.body = body;
    }

    @Override
    public void run() {
      try {
        value = body.call();
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }

    @SuppressWarnings("NullAway") // T may be null itself
    T value() {
      return value;
    }
  }
}
