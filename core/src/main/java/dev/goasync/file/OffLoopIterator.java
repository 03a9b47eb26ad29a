package dev.goasync.file;

import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Wraps an iterator whose elements are read from a disk; fetches them in batches off the loop. */
final class OffLoopIterator<T> implements Iterator<T> {
  private static final int BATCH = 256;

  private final Object what;
  private final Iterator<T> source;
  private final ArrayDeque<T> batch = new ArrayDeque<>();
  private @Nullable RuntimeException failure;
  private boolean ended;

  /**
   * @param what describes the wait in thread dumps
   */
  OffLoopIterator(Object what, Iterator<T> source) {
    this.what = what;
    this.source = source;
  }

  /**
   * Opens a stream and reads it off the loop; closing the returned stream closes it.
   *
   * @param result converts each element
   */
  static <T> Stream<T> stream(Object what, Workers.Call<Stream<T>> opening, UnaryOperator<T> result)
      throws IOException {
    Stream<T> opened = PathCalls.run(what, opening);
    var iterator = new OffLoopIterator<>(what, opened.iterator());
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, traits), false)
        .map(result)
        .onClose(() -> close(what, opened));
  }

  private static void close(Object what, Stream<?> opened) {
    try {
      PathCalls.runUncancellable(
          what,
          () -> {
            opened.close();
            return true;
          });
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public boolean hasNext() {
    if (batch.isEmpty() && failure == null && !ended) {
      try {
        PathCalls.run(what, this::fetch);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
    if (batch.isEmpty() && failure != null) {
      throw failure;
    }
    return !batch.isEmpty();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.remove();
  }

  /** Fetches a batch. A failure is thrown after the elements that precede it. */
  private boolean fetch() {
    try {
      while (batch.size() < BATCH && !ended) {
        if (source.hasNext()) {
          batch.add(source.next());
        } else {
          ended = true;
        }
      }
    } catch (RuntimeException failed) {
      failure = failed;
    }
    return true;
  }
}
