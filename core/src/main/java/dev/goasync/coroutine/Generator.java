package dev.goasync.coroutine;

import dev.goasync.internal.vthread.CoroutineImplementation;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An iterator written as a plain loop, or as a recursion, that emits its elements. The body runs
 * only when an element is asked for, and may never end.
 *
 * <pre>{@code
 * Generator<Long> fibonacci = Generator.of(out -> {
 *   long a = 0;
 *   long b = 1;
 *   while (true) {
 *     out.emit(a);
 *     long sum = a + b;
 *     a = b;
 *     b = sum;
 *   }
 * });
 * for (long number : fibonacci) {
 *   if (number > 100) {
 *     break;
 *   }
 * }
 * fibonacci.close(); // runs the body's finally blocks, had it any
 * }</pre>
 *
 * <p>It can be gone through once: {@link #iterator} returns the generator itself. Threads and ends
 * are as for {@link Coroutine}: one made by {@link #of} stays with the thread that first asks it
 * for an element, one made by {@link #movable} may be passed on; a generator that is used while it
 * runs, by its own body or by another thread, throws {@link IllegalStateException}.
 *
 * <p>What the body throws comes out of the call that asked for the element, as out of {@link
 * Coroutine#resume}; afterwards the generator is at its end.
 *
 * @param <T> the elements
 */
@SuppressWarnings("IterableAndIterator") // a one-time iterable, and says so
public final class Generator<T extends @Nullable Object>
    implements Iterator<T>, Iterable<T>, AutoCloseable {
  /**
   * What makes the elements.
   *
   * @param <T> the elements
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    /**
     * Emits the elements; returns after the last.
     *
     * @param out where to
     * @throws Exception to fail
     */
    void run(Emitter<T> out) throws Exception;
  }

  /**
   * Where a generator's body puts its elements. May be handed to the methods that the body calls.
   *
   * @param <T> the elements
   */
  @FunctionalInterface
  public interface Emitter<T extends @Nullable Object> {
    /**
     * Hands out an element, and returns when the next one is asked for.
     *
     * @throws IllegalStateException as {@link Coroutine#suspend}
     */
    void emit(T element);

    /** Emits each of {@code elements}, which may be another generator. */
    default void emitAll(Iterable<? extends T> elements) {
      for (T element : elements) {
        emit(element);
      }
    }
  }

  private final Coroutine<@Nullable Void, @Nullable T> coroutine;

  // An element that hasNext() has fetched and next() has not handed out.
  private boolean fetched;
  private @Nullable T element;

  Generator(CoroutineImplementation kind, boolean movable, Body<T> body) {
    coroutine =
        new Coroutine<>(
            kind,
            movable,
            (self, nothing) -> {
              body.run(self::suspend);
              return null;
            });
  }

  /** A generator that will stay with the thread that first asks it for an element. */
  public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
    return new Generator<>(CoroutineImplementation.chosen(), false, body);
  }

  /** A generator that threads may pass on to each other; see {@link Coroutine#movable}. */
  public static <T extends @Nullable Object> Generator<T> movable(Body<T> body) {
    return new Generator<>(CoroutineImplementation.chosenForMoving(), true, body);
  }

  /**
   * Whether there is another element; runs the body until it emits one or ends. False when closed.
   *
   * @throws IllegalStateException as {@link Coroutine#resume}, unless the generator is at its end
   */
  @Override
  public boolean hasNext() {
    if (fetched) {
      return true;
    }
    if (isOver()) {
      return false;
    }
    T value = coroutine.resume(null);
    if (isOver()) {
      return false;
    }
    element = value;
    fetched = true;
    return true;
  }

  /**
   * The next element.
   *
   * @throws NoSuchElementException if there is none, or the generator is closed
   * @throws IllegalStateException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("NullAway") // null only where T allows it
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the generator is at its end");
    }
    T value = element;
    element = null;
    fetched = false;
    return value;
  }

  private boolean isOver() {
    return switch (coroutine.state()) {
      case SUSPENDED, RUNNING -> false;
      case FINISHED, FAILED, CLOSED -> true;
    };
  }

  /** The generator itself. */
  @Override
  public Iterator<T> iterator() {
    return this;
  }

  /** The remaining elements as a sequential stream; closing it closes the generator. */
  public Stream<T> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
        .onClose(this::close);
  }

  /**
   * Ends the generator and runs its body's finally blocks; no effect at its end.
   *
   * @throws IllegalStateException as {@link Coroutine#close}
   */
  @Override
  public void close() {
    coroutine.close();
    element = null;
    fetched = false;
  }
}
