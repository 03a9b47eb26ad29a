package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;

/**
 * An open directory. Paths are relative to it, not empty, without a NUL, separated by slashes. A
 * path that leads out, by {@code ..} or by a link, throws {@link #leadsOut}. After {@link #close}
 * every method throws ClosedChannelException.
 */
public interface DirectoryHandle extends Closeable {
  /** An entry of a directory. */
  record Entry(String name, Type type) {}

  /** The type of an entry; a link is not followed. */
  enum Type {
    FILE,
    DIRECTORY,
    LINK,
    OTHER;

    /** The type in attributes. */
    public static Type of(BasicFileAttributes attributes) {
      return attributes.isRegularFile()
          ? FILE
          : attributes.isDirectory() ? DIRECTORY : attributes.isSymbolicLink() ? LINK : OTHER;
    }
  }

  /** The exception for a path that leads out of a directory. */
  static FileSystemException leadsOut(Object directory, String path) {
    return new AccessDeniedException(
        path, null, "the path leads out of the directory " + directory);
  }

  /** Opens or creates a file. */
  FileHandle openFile(
      String path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException;

  /** Opens a directory. */
  DirectoryHandle openDirectory(String path) throws IOException;

  /** Reads attributes; those of a link itself unless {@code followLinks}. */
  BasicFileAttributes attributes(String path, boolean followLinks) throws IOException;

  /** Lists a directory without {@code .} and {@code ..}, in no order. */
  List<Entry> list(String path) throws IOException;

  /** Creates a directory. */
  void createDirectory(String path, FileAttribute<?>... attributes) throws IOException;

  /** Renames; replaces a file, or an empty directory by a directory. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, a link or an empty directory. */
  void delete(String path) throws IOException;

  /** Closes. Not cancellable. */
  @Override
  void close() throws IOException;
}
