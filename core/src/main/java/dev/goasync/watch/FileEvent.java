package dev.goasync.watch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a file or a folder.
 *
 * @param kind what
 * @param path to whom; after a move, by its new path
 * @param from its path before a move, else null
 */
public record FileEvent(Kind kind, Path path, @Nullable Path from) {
  /** What can happen. */
  public enum Kind {
    /** It is new here: made, or moved here from where nobody watches. */
    CREATED,
    /** Its content or its attributes have changed, or another file has taken its place. */
    MODIFIED,
    /** It is no longer here: deleted, or moved to where nobody watches. */
    DELETED,
    /** It has another name, or is in another folder, both of which are watched. */
    MOVED,
    /**
     * More has happened than the system kept for us, and some of it was not told: whoever needs all
     * must look at what is there. The path is what is watched.
     */
    OVERFLOW
  }

  static FileEvent of(Kind kind, Path path) {
    return new FileEvent(kind, path, null);
  }
}
