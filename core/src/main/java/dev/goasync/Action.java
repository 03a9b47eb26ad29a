package dev.goasync;

/**
 * Work without a result, in a coroutine or out of one.
 *
 * @param <X> what it may throw; inferred as {@link RuntimeException} for work that throws nothing
 *     checked
 */
@FunctionalInterface
public interface Action<X extends Exception> {
  /** Does the work. */
  void run() throws X;
}
