package dev.goasync.coroutine;

import dev.goasync.internal.vthread.CoroutineImplementation;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An iterator whose elements are emitted by a body, written as a plain loop or recursion. The body
 * runs only when an element is requested, and may be endless.
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
 * fibonacci.close(); // runs the finally blocks of the body
 * }</pre>
 *
 * <p>A generator can be iterated once: {@link #iterator} returns the generator itself.
 *
 * <p><b>Threads.</b> A generator of {@link #of} stays with the thread that first requests an
 * element. A generator of {@link #movable} may be used by different threads, one at a time. Using a
 * generator while it runs, from its own body or another thread, throws {@link
 * IllegalStateException}.
 *
 * <p><b>Errors.</b> An exception of the body is thrown by the call that requested the element, as
 * {@link Coroutine#resume} throws it. The generator has ended then.
 *
 * @param <T> the type of the elements
 */
@SuppressWarnings("IterableAndIterator") // can be iterated once, as documented
public final class Generator<T extends @Nullable Object>
    implements Iterator<T>, Iterable<T>, AutoCloseable {
  /**
   * The code that emits the elements.
   *
   * @param <T> the type of the elements
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    /**
     * Emits the elements; returns after the last one.
     *
     * @param out receives the elements
     * @throws Exception if the generator fails
     */
    void run(Emitter<T> out) throws Exception;
  }

  /**
   * Receives the elements of a generator's body. The body may pass it to methods that it calls.
   *
   * @param <T> the type of the elements
   */
  @FunctionalInterface
  public interface Emitter<T extends @Nullable Object> {
    /**
     * Emits an element, and returns when the next one is requested.
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

  // An element that hasNext() has fetched and next() has not returned.
  private boolean fetched;
  private @Nullable T element;

  Generator(CoroutineImplementation kind, boolean movable, Body<T> body) {
    Objects.requireNonNull(body, "body");
    coroutine =
        new Coroutine<>(
            kind,
            movable,
            (self, nothing) -> {
              body.run(self::suspend);
              return null;
            });
  }

  /** Creates a generator that stays with the thread that first requests an element. */
  public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
    return new Generator<>(CoroutineImplementation.chosen(), false, body);
  }

  /** Creates a generator that different threads may use, one at a time. */
  public static <T extends @Nullable Object> Generator<T> movable(Body<T> body) {
    return new Generator<>(CoroutineImplementation.chosenForMoving(), true, body);
  }

  /**
   * Whether there is another element. Runs the body until it emits one or ends. Returns false after
   * {@link #close}.
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
   * Returns the next element.
   *
   * @throws NoSuchElementException if there is none, or the generator is closed
   * @throws IllegalStateException as {@link #hasNext}
   */
  @Override
  @SuppressWarnings("NullAway") // null only where T allows it
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the generator has no more elements");
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

  /** Returns the remaining elements as a sequential stream. Closing it closes the generator. */
  public Stream<T> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
        .onClose(this::close);
  }

  /**
   * Ends the generator and runs the finally blocks of its body. Does nothing if the generator has
   * ended.
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
