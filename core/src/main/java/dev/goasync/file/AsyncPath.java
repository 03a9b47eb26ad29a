package dev.goasync.file;

import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path of {@link AsyncFileSystem}, wrapped around a path of the default file system. */
final class AsyncPath implements Path {
  private final Path inner;

  AsyncPath(Path inner) {
    this.inner = Objects.requireNonNull(inner, "path");
  }

  /** Returns the wrapped path of the default file system. */
  static Path unwrap(Path path) {
    if (Objects.requireNonNull(path, "path") instanceof AsyncPath async) {
      return async.inner;
    }
    throw new ProviderMismatchException(path + " is not a path of AsyncFileSystem");
  }

  private static @Nullable Path wrap(@Nullable Path path) {
    return path == null ? null : new AsyncPath(path);
  }

  @Override
  public FileSystem getFileSystem() {
    return AsyncFileSystem.instance();
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrap(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrap(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrap(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return new AsyncPath(inner.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return new AsyncPath(inner.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof AsyncPath async && inner.startsWith(async.inner);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof AsyncPath async && inner.endsWith(async.inner);
  }

  @Override
  public Path normalize() {
    return new AsyncPath(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return new AsyncPath(inner.resolve(unwrap(other)));
  }

  @Override
  public Path relativize(Path other) {
    return new AsyncPath(inner.relativize(unwrap(other)));
  }

  /** Returns the URI of the wrapped path with the scheme {@code goasync}. */
  @Override
  public URI toUri() {
    return URI.create(AsyncFileSystemProvider.SCHEME + "://" + inner.toUri().getRawPath());
  }

  @Override
  public Path toAbsolutePath() {
    return new AsyncPath(inner.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return new AsyncPath(Workers.offLoop(inner, () -> inner.toRealPath(options)));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    return Workers.offLoop(inner, () -> inner.register(watcher, events, modifiers));
  }

  @Override
  public int compareTo(Path other) {
    return inner.compareTo(((AsyncPath) other).inner);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AsyncPath async && inner.equals(async.inner);
  }

  @Override
  public int hashCode() {
    return inner.hashCode();
  }

  @Override
  public String toString() {
    return inner.toString();
  }
}
