package dev.goasync.coroutine;

/**
 * Thrown to the caller that resumed a coroutine whose body threw a checked exception, which is the
 * {@linkplain #getCause cause}. The stack trace of this exception is the caller's, that of the
 * cause is the body's.
 */
public final class CoroutineFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineFailedException(Throwable cause) {
    super("the coroutine failed: " + cause, cause);
  }
}
