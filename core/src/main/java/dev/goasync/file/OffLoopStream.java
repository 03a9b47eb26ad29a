package dev.goasync.file;

import dev.goasync.internal.loop.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A stream of the JDK's whose elements come from the disk, fetched in batches off the loop. */
final class OffLoopStream<T> extends Spliterators.AbstractSpliterator<T> {
  private static final int BATCH = 256;

  private final Object what;
  private final Iterator<T> source;
  private final ArrayDeque<T> batch = new ArrayDeque<>();
  private @Nullable RuntimeException failure;
  private boolean ended;

  private OffLoopStream(Object what, Iterator<T> source) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.what = what;
    this.source = source;
  }

  /**
   * Opens the stream; closing what is returned closes it.
   *
   * @param what what is waited for
   */
  static <T> Stream<T> open(Object what, Workers.Call<Stream<T>> opening) throws IOException {
    Stream<T> opened = Workers.offLoop(what, opening);
    return StreamSupport.stream(new OffLoopStream<>(what, opened.iterator()), false)
        .onClose(() -> close(what, opened));
  }

  private static void close(Object what, Stream<?> opened) {
    try {
      Workers.offLoopInAnyCase(
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
  public boolean tryAdvance(Consumer<? super T> action) {
    if (batch.isEmpty() && failure == null && !ended) {
      try {
        Workers.offLoop(what, this::fetch);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
    T next = batch.poll();
    if (next != null) {
      action.accept(next);
      return true;
    }
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  /** What comes before a failure is handed out before it. */
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
