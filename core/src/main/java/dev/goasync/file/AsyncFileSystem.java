package dev.goasync.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A {@link FileSystem} over the default file system whose operations pause a coroutine instead of
 * blocking its loop. {@link java.nio.file.Files} and {@link java.nio.channels.FileChannel#open}
 * work on its paths, so a library that accepts a {@link Path} becomes asynchronous without a
 * change.
 *
 * <pre>{@code
 * Path directory = AsyncFileSystem.path("/var/data");
 * List<String> lines = Files.readAllLines(directory.resolve("names"));   // pauses a coroutine
 * }</pre>
 *
 * <p>On plain threads the operations block, as with {@link AsyncFiles} and {@link AsyncFile}.
 *
 * <p><b>Limits.</b> {@link Path#toFile} throws {@link UnsupportedOperationException}: operations of
 * {@link java.io.File} would block the loop unnoticed. Access to memory mapped by {@link
 * java.nio.channels.FileChannel#map} blocks the thread until the page is read. Watch services and
 * user lookups are those of the default file system.
 *
 * <p>The URI scheme is {@code goasync}: {@code Path.of(URI.create("goasync:///var"))}.
 */
public final class AsyncFileSystem extends FileSystem {
  private static final AsyncFileSystem INSTANCE = new AsyncFileSystem();

  private final FileSystem delegate = FileSystems.getDefault();
  private final AsyncFileSystemProvider provider = new AsyncFileSystemProvider();

  private AsyncFileSystem() {}

  /** Returns the only instance. */
  public static AsyncFileSystem instance() {
    return INSTANCE;
  }

  /**
   * Returns a path of this file system.
   *
   * @throws java.nio.file.InvalidPathException if the string cannot be converted to a path
   */
  public static Path path(String first, String... more) {
    return INSTANCE.getPath(first, more);
  }

  /**
   * Converts a path of the default file system to the same path of this file system.
   *
   * @throws ProviderMismatchException if the path is of any other file system
   */
  public static Path of(Path path) {
    Objects.requireNonNull(path, "path");
    if (path instanceof AsyncPath) {
      return path;
    }
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is not a path of the default file system");
    }
    return new AsyncPath(path);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /**
   * Throws: this file system is always open.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException("the default file system cannot be closed");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return delegate.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return delegate.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return StreamSupport.stream(delegate.getRootDirectories().spliterator(), false)
        .<Path>map(AsyncPath::new)
        .toList();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return delegate.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return delegate.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return new AsyncPath(delegate.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = delegate.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(AsyncPath.unwrap(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return delegate.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return delegate.newWatchService();
  }
}
