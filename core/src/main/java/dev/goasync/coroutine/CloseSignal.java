package dev.goasync.coroutine;

import org.jspecify.annotations.Nullable;

/**
 * Thrown out of {@link Coroutine#suspend} to run the finally blocks of a body that is being closed.
 * It is an error, so that handlers of exceptions do not catch it.
 */
final class CloseSignal extends Error {
  private static final long serialVersionUID = 1L;

  CloseSignal() {
    super("the coroutine is being closed", null, true, false);
  }

  /** The exception that closing the body's resources threw; try-with-resources attaches it. */
  @Nullable Throwable failure() {
    Throwable[] failures = getSuppressed();
    for (int i = 1; i < failures.length; i++) {
      failures[0].addSuppressed(failures[i]);
    }
    return failures.length == 0 ? null : failures[0];
  }
}
