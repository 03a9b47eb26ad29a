package dev.goasync;

/**
 * Work without a result, run in a coroutine or on a plain thread.
 *
 * @param <X> what it may throw; inferred as {@link RuntimeException} for work that throws nothing
 *     checked
 */
@FunctionalInterface
public interface Action<X extends Exception> {
  /**
   * Does the work.
   *
   * @throws X as the caller of the action declares
   */
  void run() throws X;
}
