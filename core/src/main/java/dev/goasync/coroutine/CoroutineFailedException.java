package dev.goasync.coroutine;

/**
 * A coroutine's body threw a checked exception, which is the {@linkplain #getCause cause}. Its
 * stack trace says where in the body; this one says who had resumed it.
 */
public final class CoroutineFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CoroutineFailedException(Throwable cause) {
    super("the coroutine failed: " + cause, cause);
  }
}
