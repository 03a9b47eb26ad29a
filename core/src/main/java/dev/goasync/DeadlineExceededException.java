package dev.goasync;

import java.time.Duration;

/** Thrown when a time limit is over. The message names the work or the task, and the limit. */
public final class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration timeout;

  DeadlineExceededException(String what, Duration timeout) {
    super(what + " did not end within " + timeout);
    this.timeout = timeout;
  }

  /** The time limit that was exceeded. */
  public Duration timeout() {
    return timeout;
  }
}
