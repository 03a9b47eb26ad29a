package dev.goasync.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entries of a directory as paths of {@link AsyncFileSystem}. */
final class AsyncDirectoryStream implements DirectoryStream<Path> {
  private final Path directory;
  private final DirectoryStream<Path> inner;
  private final Filter<? super Path> filter;

  AsyncDirectoryStream(Path directory, DirectoryStream<Path> inner, Filter<? super Path> filter) {
    this.directory = directory;
    this.inner = inner;
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    var entries = new OffLoopIterator<>(directory, inner.iterator()); // throws at a second call
    return new Iterator<>() {
      private @Nullable Path next;

      @Override
      public boolean hasNext() {
        try {
          while (next == null && entries.hasNext()) {
            Path entry = new AsyncPath(PathCalls.plain(entries.next()));
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
    PathCalls.runUncancellable(
        directory,
        () -> {
          inner.close();
          return true;
        });
  }
}
