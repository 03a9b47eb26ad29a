package ${package};

import dev.goasync.Body;
import dev.goasync.GoAsync;
import java.io.IOException;
import java.time.Duration;

/** Repeats calls that fail. The sleep pauses a coroutine, and blocks any other thread. */
public final class Retry {
  private final int maxAttempts;
  private final Duration pause;

  /** Calls at most {@code maxAttempts} times, with {@code pause} between the calls. */
  public Retry(int maxAttempts, Duration pause) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be positive: " + maxAttempts);
    }
    this.maxAttempts = maxAttempts;
    this.pause = pause;
  }

  /** Returns the result of the first call that succeeds, or throws the exception of the last. */
  public <T> T call(Body<T, IOException> body) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return body.call();
      } catch (IOException failure) {
        if (attempt == maxAttempts) {
          throw failure;
        }
        GoAsync.sleep(pause);
      }
    }
  }
}
