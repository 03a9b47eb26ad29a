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
 * The machine's file system, by paths that lead through us: all that {@link java.nio.file.Files}
 * and {@link java.nio.channels.FileChannel#open} do with them pauses a coroutine and blocks any
 * other thread, as {@link AsyncFiles} and {@link AsyncFile} do. So a library that takes a {@link
 * Path} becomes asynchronous as it is.
 *
 * <pre>{@code
 * Path folder = AsyncFileSystem.path("/var/data");
 * Directory index = new NIOFSDirectory(folder);      // of Lucene's, say
 * List<String> lines = Files.readAllLines(folder.resolve("names"));
 * }</pre>
 *
 * <p>What a library does without a path of ours it does as ever: {@link Path#toFile} throws {@link
 * UnsupportedOperationException}, so that nobody leaves by it unseen. Memory that {@link
 * java.nio.channels.FileChannel#map} maps blocks whoever touches it until the disk has answered;
 * nothing can be done about that. Watch services and lookups of users are the machine's own.
 *
 * <p>Also known by the URI scheme {@code goasync}: {@code Path.of(URI.create("goasync:///var"))}.
 */
public final class AsyncFileSystem extends FileSystem {
  private static final AsyncFileSystem INSTANCE = new AsyncFileSystem();

  private final FileSystem machine = FileSystems.getDefault();
  private final AsyncFileSystemProvider provider = new AsyncFileSystemProvider();

  private AsyncFileSystem() {}

  /** The one there is. */
  public static AsyncFileSystem instance() {
    return INSTANCE;
  }

  /**
   * A path that leads through us.
   *
   * @throws java.nio.file.InvalidPathException if it cannot be a path
   */
  public static Path path(String first, String... more) {
    return INSTANCE.getPath(first, more);
  }

  /**
   * The same path, through us.
   *
   * @throws ProviderMismatchException if it is not the machine's
   */
  public static Path of(Path path) {
    Objects.requireNonNull(path, "path");
    if (path instanceof AsyncPath) {
      return path;
    }
    if (!AsyncFiles.isOfMachine(path)) {
      throw new ProviderMismatchException(path + " is no path of the machine's file system");
    }
    return new AsyncPath(path);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /** Throws: it is always open. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("the machine's file system cannot be closed");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return machine.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return machine.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return StreamSupport.stream(machine.getRootDirectories().spliterator(), false)
        .<Path>map(AsyncPath::new)
        .toList();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return machine.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return machine.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return new AsyncPath(machine.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = machine.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(AsyncPath.unwrap(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return machine.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return machine.newWatchService();
  }
}
