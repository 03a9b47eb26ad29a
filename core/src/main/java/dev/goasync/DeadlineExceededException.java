package dev.goasync;

import java.time.Duration;

/** The time allowed is over; the message says for what and how long it was. */
public final class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration allowed;

  DeadlineExceededException(String what, Duration allowed) {
    super(what + " did not end within " + allowed);
    this.allowed = allowed;
  }

  /** The time that was allowed. */
  public Duration allowed() {
    return allowed;
  }
}
