package dev.goasync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Work with a result, run in a coroutine or on a plain thread. A body is a {@link Callable} that
 * declares what it throws.
 *
 * @param <T> the type of the result
 * @param <X> what it may throw; inferred as {@link RuntimeException} for work that throws nothing
 *     checked
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Exception> extends Callable<T> {
  /**
   * Does the work.
   *
   * @return the result
   * @throws X as the caller of the body declares
   */
  @Override
  T call() throws X;
}
