package dev.goasync.reactive;

import java.io.Serial;

/** Thrown by the iteration over a publisher that has failed; the cause is the publisher's error. */
public final class PublisherFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  PublisherFailedException(Throwable cause) {
    super("the publisher failed: " + cause, cause);
  }
}
