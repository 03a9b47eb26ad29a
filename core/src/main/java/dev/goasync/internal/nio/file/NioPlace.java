package dev.goasync.internal.nio.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of a {@link NioWalk}. Its operations take the name of an entry and follow no
 * link. With a secure stream they are relative to the open directory, except {@link
 * #createDirectory} and {@link #target}, which the JDK does not have; without one they are by path.
 *
 * @param path the path at which the directory was found
 */
record NioPlace(Path path, @Nullable SecureDirectoryStream<Path> stream) implements Closeable {
  /** Property for tests: {@code true} makes the library behave as where the JDK has no streams. */
  static final String WITHOUT_PROPERTY = "goasync.nio.withoutSecureDirectories";

  private static final boolean WITHOUT = Boolean.getBoolean(WITHOUT_PROPERTY);
  private static final Path HERE = Path.of(".");

  /** Opens a directory by its path. */
  @SuppressWarnings("StreamResourceLeak") // the place owns it
  static NioPlace open(Path path) throws IOException {
    return of(path, Files.newDirectoryStream(path));
  }

  private static NioPlace of(Path path, DirectoryStream<Path> opened) throws IOException {
    if (opened instanceof SecureDirectoryStream<Path> secure && !WITHOUT) {
      return new NioPlace(path, secure);
    }
    opened.close();
    return new NioPlace(path, null);
  }

  /** Opens a directory that is an entry, or the directory itself for {@code "."}. */
  NioPlace enter(Path name) throws IOException {
    Path entered = path.resolve(name);
    if (stream != null) {
      return new NioPlace(entered, stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }
    if (!Files.isDirectory(entered, LinkOption.NOFOLLOW_LINKS)) {
      throw Files.exists(entered, LinkOption.NOFOLLOW_LINKS)
          ? new NotDirectoryException(entered.toString())
          : new NoSuchFileException(entered.toString());
    }
    return new NioPlace(entered, null);
  }

  /** Lists the entries; the caller closes the stream. */
  @SuppressWarnings("StreamResourceLeak")
  DirectoryStream<Path> list() throws IOException {
    return stream != null
        ? stream.newDirectoryStream(HERE, LinkOption.NOFOLLOW_LINKS)
        : Files.newDirectoryStream(path);
  }

  BasicFileAttributes attributes(Path name) throws IOException {
    return stream != null
        ? stream
            .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes()
        : Files.readAttributes(
            path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads the target of a link, by its path: the walk checks each name of the target again. */
  Path target(Path name) throws IOException {
    return Files.readSymbolicLink(path.resolve(name));
  }

  FileChannel openFile(Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return stream != null
        ? (FileChannel) stream.newByteChannel(name, options, attributes)
        : FileChannel.open(path.resolve(name), options, attributes);
  }

  Path createDirectory(Path name, FileAttribute<?>... attributes) throws IOException {
    return Files.createDirectory(path.resolve(name), attributes);
  }

  void delete(Path name) throws IOException {
    if (stream == null) {
      Files.delete(path.resolve(name));
    } else if (attributes(name).isDirectory()) {
      stream.deleteDirectory(name);
    } else {
      stream.deleteFile(name);
    }
  }

  void rename(Path name, NioPlace target, Path newName) throws IOException {
    if (stream != null && target.stream != null) {
      stream.move(name, target.stream, newName);
    } else {
      Path renamed = target.path.resolve(newName);
      Files.move(path.resolve(name), renamed, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }
}
