package dev.goasync.file;

import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is in a folder, by paths of ours. */
final class AsyncDirectoryStream implements DirectoryStream<Path> {
  private final Path folder;
  private final DirectoryStream<Path> inner;
  private final Filter<? super Path> filter;

  AsyncDirectoryStream(Path folder, DirectoryStream<Path> inner, Filter<? super Path> filter) {
    this.folder = folder;
    this.inner = inner;
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    var entries = new OffLoopIterator<>(folder, inner.iterator()); // which refuses a second
    return new Iterator<>() {
      private @Nullable Path next;

      @Override
      public boolean hasNext() {
        try {
          while (next == null && entries.hasNext()) {
            Path entry = new AsyncPath(entries.next());
            next = filter.accept(entry) ? entry : null;
          }
        } catch (IOException failed) {
          throw new DirectoryIteratorException(failed);
        }
        return next != null;
      }

      @Override
      public Path next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Path found = Objects.requireNonNull(next);
        next = null;
        return found;
      }
    };
  }

  @Override
  public void close() throws IOException {
    Workers.offLoopUncancellable(
        folder,
        () -> {
          inner.close();
          return true;
        });
  }
}
