package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches directories. One reader at a time; the handle is readable when there are changes. */
public interface WatchHandle extends Closeable, Pollable {
  /** The kind of a change of a directory entry, or of the watched directory itself. */
  enum What {
    CREATED,
    MODIFIED,
    DELETED,
    /** An entry left its directory; the change with the same cookie, if any, has its new place. */
    MOVED_FROM,
    /** An entry was moved into its directory under this name. */
    MOVED_TO,
    /** The watched directory itself was moved. */
    DIRECTORY_MOVED,
    /** The watch has ended because the directory was deleted. */
    DIRECTORY_GONE,
    /** The queue was full, and changes were lost. */
    OVERFLOW
  }

  /**
   * One change.
   *
   * @param watch the directory's watch, as {@link #add} returned it
   * @param name the name of the entry; null for a change of the directory itself
   * @param cookie equal in the two halves of a move; 0 for all other changes
   */
  record Change(What what, int watch, @Nullable Path name, int cookie) {}

  /**
   * Watches the entries of a directory, but not those of its subdirectories. Adding a directory
   * again returns the same watch.
   *
   * @param mayBeLink whether a symbolic link to a directory is followed
   * @return the watch, which identifies the directory in its changes
   * @throws java.nio.file.NoSuchFileException if the directory does not exist
   * @throws java.nio.file.NotDirectoryException if the path is not a directory, or is a link and
   *     {@code mayBeLink} is false
   */
  int add(Path directory, boolean mayBeLink) throws IOException;

  /** Ends a watch; does nothing if the directory is gone already. */
  void remove(int watch) throws IOException;

  /** Waits for changes and returns all that are queued. */
  List<Change> read() throws IOException;

  /** Closes the handle; a concurrent read throws AsynchronousCloseException. */
  @Override
  void close() throws IOException;
}
