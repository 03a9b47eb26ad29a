package dev.goasync.coroutine;

/**
 * Thrown out of a suspension to run the finally blocks of a body that is being closed. An error, so
 * that handlers of exceptions let it pass.
 */
final class CloseSignal extends Error {
  private static final long serialVersionUID = 1L;

  CloseSignal() {
    super("the coroutine is being closed", null, false, false);
  }
}
