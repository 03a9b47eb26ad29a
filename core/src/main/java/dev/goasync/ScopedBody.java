package dev.goasync;

import org.jspecify.annotations.Nullable;

/**
 * Work that may start tasks in a scope.
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
   * @param scope where to start tasks; may be handed on
   */
  T run(TaskScope scope) throws X;
}
