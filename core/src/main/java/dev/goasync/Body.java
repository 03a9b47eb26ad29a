package dev.goasync;

import org.jspecify.annotations.Nullable;

/**
 * Work with a result, in a coroutine or out of one.
 *
 * @param <T> the type of the result
 * @param <X> what it may throw; inferred as {@link RuntimeException} for work that throws nothing
 *     checked
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Exception> {
  /** Does the work. */
  T run() throws X;
}
