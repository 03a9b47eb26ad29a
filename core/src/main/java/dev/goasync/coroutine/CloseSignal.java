package dev.goasync.coroutine;

import org.jspecify.annotations.Nullable;

/**
 * Thrown out of a suspension to run the finally blocks of a body that is being closed. An error, so
 * that handlers of exceptions let it pass.
 */
final class CloseSignal extends Error {
  private static final long serialVersionUID = 1L;

  CloseSignal() {
    super("the coroutine is being closed", null, true, false);
  }

  /** What closing the body's resources threw, which try-with-resources has attached; or null. */
  @Nullable Throwable failure() {
    Throwable[] failures = getSuppressed();
    for (int i = 1; i < failures.length; i++) {
      failures[0].addSuppressed(failures[i]);
    }
    return failures.length == 0 ? null : failures[0];
  }
}
