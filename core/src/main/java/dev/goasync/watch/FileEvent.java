package dev.goasync.watch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A change of a file or a directory, returned by {@link FileWatch}.
 *
 * @param kind the kind of change
 * @param path the file or directory; after a move, its new path
 * @param from the path before a move; null for all other kinds
 */
public record FileEvent(Kind kind, Path path, @Nullable Path from) {
  /** The kind of a change. */
  public enum Kind {
    /** The entry is new: created, or moved here from a directory that is not watched. */
    CREATED,
    /** The content or the attributes have changed, or another file has replaced it. */
    MODIFIED,
    /** The entry is gone: deleted, or moved to a directory that is not watched. */
    DELETED,
    /** The entry was renamed or moved; its old and new directory are both watched. */
    MOVED,
    /**
     * The kernel's queue was full, and events were lost. To know the current state, the caller must
     * list the watched directories. The path is the watched path.
     */
    OVERFLOW
  }

  static FileEvent of(Kind kind, Path path) {
    return new FileEvent(kind, path, null);
  }
}
