package dev.goasync.reactive;

import java.util.concurrent.CancellationException;

/**
 * Passes the values of a coroutine to one subscriber, as fast as the subscriber requests them.
 *
 * <p>The coroutine of the subscription calls it, not several at once.
 *
 * @param <T> the type of the values
 */
public interface Emitter<T> {
  /**
   * Passes a value to the subscriber; waits until the subscriber has requested one.
   *
   * @throws CancellationException if the subscriber has cancelled, or the coroutine is cancelled;
   *     the value is not passed then
   * @throws NullPointerException if {@code value} is null
   */
  void emit(T value);

  /**
   * Waits until the subscriber has requested a value that was not passed yet. For sources from
   * which a value is taken only when it can be passed.
   *
   * @throws CancellationException if the subscriber has cancelled, or the coroutine is cancelled
   */
  void awaitRequest();
}
