package dev.goasync.internal.util;

/** Recognises the error with which the JVM reports that the system refuses another thread. */
public final class ThreadLimit {
  /** What is wrong and how to mend it, for messages. */
  public static final String MESSAGE = "too many processes or threads (raise ulimit -u)";

  private ThreadLimit() {}

  /** Whether {@code error} means that no thread could be started, not that the heap is full. */
  public static boolean isReachedBy(OutOfMemoryError error) {
    return String.valueOf(error.getMessage()).contains("native thread");
  }
}
