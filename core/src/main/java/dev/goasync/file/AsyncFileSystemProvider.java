package dev.goasync.file;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provider of {@link AsyncFileSystem}, found by the JDK through {@code ServiceLoader}. */
public final class AsyncFileSystemProvider extends FileSystemProvider {
  static final String SCHEME = "goasync";

  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final String TEMPORARY_MAKER = "java.nio.file.TempFileHelper";
  private static final int TEMPORARY_DEPTH = 8;

  /** Creates a provider for the JDK; all providers share one file system. */
  public AsyncFileSystemProvider() {}

  @Override
  public String getScheme() {
    return SCHEME;
  }

  /** Throws: the only file system always exists. */
  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new FileSystemAlreadyExistsException(SCHEME);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    checkScheme(uri);
    return AsyncFileSystem.instance();
  }

  @Override
  public Path getPath(URI uri) {
    checkScheme(uri);
    String path = uri.getRawPath();
    if (path == null || uri.getRawAuthority() != null) {
      throw new IllegalArgumentException(
          "not a " + SCHEME + " URI with a path and without a host: " + uri);
    }
    return new AsyncPath(Path.of(URI.create("file://" + path)));
  }

  private static void checkScheme(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("the scheme is not " + SCHEME + ": " + uri);
    }
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    FileAttribute<?>[] all = attributes;
    if (options.equals(NEW_FILE) && isTemporary(attributes)) {
      all = new FileAttribute<?>[] {PRIVATE_FILE};
    }
    return new AsyncFileChannel(AsyncFile.open(AsyncPath.unwrap(path), options, all), options);
  }

  /**
   * Whether {@code Files.createTempFile} or {@code createTempDirectory} is the caller. They make
   * private files in the default file system only, and do not ask the provider for it.
   */
  private boolean isTemporary(FileAttribute<?>... attributes) {
    return attributes.length == 0
        && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        && StackWalker.getInstance()
            .walk(frames ->
                frames
                    .limit(TEMPORARY_DEPTH)
                    .anyMatch(frame -> frame.getClassName().equals(TEMPORARY_MAKER)));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  /** The channel of a pipe or terminal, which has no position. */
  private record WithoutPosition(AsyncFile file) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** The JDK's streams read the size and position of every channel but its own of a pipe. */
  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    for (OpenOption option : options) {
      if (option == StandardOpenOption.APPEND || option == StandardOpenOption.WRITE) {
        throw new UnsupportedOperationException("'" + option + "' not allowed");
      }
    }
    AsyncFile file = AsyncFile.open(AsyncPath.unwrap(path), options);
    return Channels.newInputStream(
        file.isSeekable()
            ? new AsyncFileChannel(file, Set.of(options))
            : new WithoutPosition(file));
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    Path inner = AsyncPath.unwrap(directory);
    Objects.requireNonNull(filter, "filter");
    return new AsyncDirectoryStream(inner, PathCalls.run(inner, Files::newDirectoryStream), filter);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    FileAttribute<?>[] all = attributes;
    if (isTemporary(attributes)) {
      all = new FileAttribute<?>[] {PRIVATE_DIRECTORY};
    }
    AsyncFiles.createDirectory(AsyncPath.unwrap(path), all);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    AsyncFiles.createSymbolicLink(AsyncPath.unwrap(link), AsyncPath.unwrap(target), attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    AsyncFiles.createLink(AsyncPath.unwrap(link), AsyncPath.unwrap(existing));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return new AsyncPath(AsyncFiles.readSymbolicLink(AsyncPath.unwrap(link)));
  }

  @Override
  public void delete(Path path) throws IOException {
    AsyncFiles.delete(AsyncPath.unwrap(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    AsyncFiles.copy(AsyncPath.unwrap(source), AsyncPath.unwrap(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    AsyncFiles.move(AsyncPath.unwrap(source), AsyncPath.unwrap(target), options);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return path.equals(other)
        || (other instanceof AsyncPath
            && AsyncFiles.isSameFile(AsyncPath.unwrap(path), AsyncPath.unwrap(other)));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return AsyncFiles.isHidden(AsyncPath.unwrap(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    Path inner = AsyncPath.unwrap(path);
    return PathCalls.run(inner, Files::getFileStore);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    Path inner = AsyncPath.unwrap(path);
    PathCalls.change(inner, here -> here.getFileSystem().provider().checkAccess(here, modes));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return AsyncFiles.readAttributes(AsyncPath.unwrap(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return AsyncFiles.readAttributes(AsyncPath.unwrap(path), attributes, options);
  }

  @Override
  public void setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    AsyncFiles.setAttribute(AsyncPath.unwrap(path), attribute, value, options);
  }

  /** Returns a view of the default file system, each method of which is called off the loop. */
  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    Path inner = AsyncPath.unwrap(path);
    V view = Files.getFileAttributeView(PathCalls.located(inner), type, options);
    if (view == null) {
      return null;
    }
    Object offLoop =
        Proxy.newProxyInstance(
            AsyncFileSystemProvider.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              Object[] result = new Object[1];
              Throwable thrown =
                  PathCalls.run(
                      (Object) inner,
                      () -> {
                        try {
                          result[0] = method.invoke(view, arguments);
                          return null;
                        } catch (InvocationTargetException failed) {
                          return failed.getCause();
                        } catch (IllegalAccessException impossible) {
                          throw new AssertionError(impossible);
                        }
                      });
              if (thrown != null) {
                throw thrown;
              }
              return result[0];
            });
    return type.cast(offLoop);
  }
}
