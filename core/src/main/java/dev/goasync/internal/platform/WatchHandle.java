package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches directories for changes. One reader at a time; the input is the changes. */
public interface WatchHandle extends Closeable, Pollable {
  /** The kind of a change of a directory's entry, or of the directory itself. */
  enum What {
    CREATED,
    MODIFIED,
    DELETED,
    /** The entry of this name was moved away; a MOVED_TO with the same cookie names the target. */
    MOVED_FROM,
    /** An entry of this name was moved into the directory. */
    MOVED_TO,
    /** The directory itself was moved. */
    DIRECTORY_MOVED,
    /** The directory was deleted, and with it the watch. */
    DIRECTORY_DELETED,
    /** The kernel's queue was full: changes are missing. */
    OVERFLOW
  }

  /**
   * One change of a watched directory.
   *
   * @param watch the number that {@link #add} returned for the directory
   * @param name the entry's name in its directory; null if the directory itself changed
   * @param cookie the same for both halves of a move; 0 otherwise
   */
  record Change(What what, int watch, @Nullable Path name, int cookie) {}

  /**
   * Watches the entries of a directory, not those of its subdirectories. Adding a directory again
   * has no effect.
   *
   * @param mayBeLink whether a symbolic link to a directory is followed
   * @return the number that identifies the directory in its changes
   * @throws java.nio.file.NoSuchFileException if the directory does not exist
   * @throws java.nio.file.NotDirectoryException if the path is not a directory, or is a link and
   *     {@code mayBeLink} is false
   */
  int add(Path directory, boolean mayBeLink) throws IOException;

  /** Ends the watch of a directory; the directory may have been deleted. */
  void remove(int watch) throws IOException;

  /** Waits for changes and returns those that have happened. */
  List<Change> read() throws IOException;

  /** Closes; a read that is under way throws AsynchronousCloseException. */
  @Override
  void close() throws IOException;

  /**
   * Whether all changes so far can be read once the handle is readable; false if a thread passes
   * them on later.
   */
  boolean isOrdered();
}
