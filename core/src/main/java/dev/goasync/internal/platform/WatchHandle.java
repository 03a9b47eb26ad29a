package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches folders. One reader at a time; its input is what has changed. */
public interface WatchHandle extends Closeable, Pollable {
  /** What has happened to an entry of a folder, or to the folder itself. */
  enum What {
    CREATED,
    MODIFIED,
    DELETED,
    /** It has left its folder under this name; where it went may be told by the same cookie. */
    MOVED_FROM,
    /** It has come to its folder under this name. */
    MOVED_TO,
    /** The folder itself has got another place. */
    FOLDER_MOVED,
    /** The folder is watched no longer, as it was deleted. */
    FOLDER_GONE,
    /** More has happened than could be kept. */
    OVERFLOW
  }

  /**
   * One change.
   *
   * @param watch the folder's, as {@link #add} returned it
   * @param name the entry's in its folder, if it happened to one
   * @param cookie joins the two halves of a move; 0 if there is none
   */
  record Change(What what, int watch, @Nullable Path name, int cookie) {}

  /**
   * Watches a folder's entries, not those of folders in it. Adding it again changes nothing.
   *
   * @param mayBeLink whether a link to a folder will do
   * @return what names it in its changes
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws java.nio.file.NotDirectoryException if it is no folder, or a link that may not be one
   */
  int add(Path folder, boolean mayBeLink) throws IOException;

  /** Watches a folder no longer; it may be gone already. */
  void remove(int watch) throws IOException;

  /** Waits for changes and takes those that there are. */
  List<Change> read() throws IOException;

  /** Closes; a read under way elsewhere ends with AsynchronousCloseException. */
  @Override
  void close() throws IOException;
}
