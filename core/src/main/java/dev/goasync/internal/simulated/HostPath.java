package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.WrappedPath;
import dev.goasync.internal.simulated.resource.NotSimulated;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path on the disk of a simulated host, by which {@code java.nio.file.Files} reaches it. */
final class HostPath extends WrappedPath {
  private final HostFileSystem system;

  HostPath(HostFileSystem system, Path inner) {
    super(inner);
    this.system = system;
  }

  @Override
  protected Path wrap(Path path) {
    return new HostPath(system, path);
  }

  @Override
  protected Path unwrapSame(Path path) {
    if (path instanceof HostPath same && same.system == system) {
      return same.inner();
    }
    throw new ProviderMismatchException(path + " is not a path of the same host");
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public URI toUri() {
    throw NotSimulated.exception("URIs of files");
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return wrap(Path.of(system.provider().realPath(this, options)));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw NotSimulated.exception("watch services");
  }
}
