package dev.goasync.testing;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A simulated run has failed. The message has the seed, the schedule, how to run the seed again,
 * what each coroutine waited for, and the last events. The cause is the exception of the coroutine
 * that failed, if there is one.
 */
public final class SimulationFailure extends AssertionError {
  @Serial private static final long serialVersionUID = 1;

  private final long seed;

  SimulationFailure(long seed, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.seed = seed;
  }

  /** The seed that shows the failure again. */
  public long seed() {
    return seed;
  }
}
