package dev.goasync.file;

import dev.goasync.internal.platform.WrappedPath;
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

/** A path of {@link AsyncFileSystem}, wrapped around a path of the default file system. */
final class AsyncPath extends WrappedPath {
  AsyncPath(Path inner) {
    super(inner);
  }

  /** Returns the wrapped path of the default file system. */
  static Path unwrap(Path path) {
    if (Objects.requireNonNull(path, "path") instanceof AsyncPath async) {
      return async.inner();
    }
    throw new ProviderMismatchException(path + " is not a path of AsyncFileSystem");
  }

  @Override
  protected Path wrap(Path path) {
    return new AsyncPath(path);
  }

  @Override
  protected Path unwrapSame(Path path) {
    return unwrap(path);
  }

  @Override
  public FileSystem getFileSystem() {
    return AsyncFileSystem.instance();
  }

  /** Returns the URI of the wrapped path with the scheme {@code goasync}. */
  @Override
  public URI toUri() {
    return URI.create(AsyncFileSystemProvider.SCHEME + "://" + inner().toUri().getRawPath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return new AsyncPath(AsyncFiles.toRealPath(inner(), options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    return PathCalls.run(inner(), path -> path.register(watcher, events, modifiers));
  }
}
