package dev.goasync;

import org.jspecify.annotations.Nullable;

/**
 * Work with a result that may start tasks in a scope; see {@link TaskScope#run}.
 *
 * @param <T> the type of the result
 * @param <X> what it may throw; inferred as {@link RuntimeException} for work that throws nothing
 *     checked
 */
@FunctionalInterface
public interface ScopedBody<T extends @Nullable Object, X extends Exception> {
  /**
   * Does the work.
   *
   * @param scope starts tasks; may be passed to other coroutines of the same loop
   * @return the result of the scope
   * @throws X as the caller of the scope declares
   */
  T run(TaskScope scope) throws X;
}
