package dev.goasync.file;

import dev.goasync.internal.platform.DirectoryHandle;
import java.util.Objects;

/**
 * An entry of {@link AsyncDirectory#list}.
 *
 * @param name without slashes; characters that the encoding of file names does not have are
 *     replaced, and such a name cannot be opened
 * @param type the type when the directory was read; a link is not followed
 */
public record DirectoryEntry(String name, Type type) {
  /** The type of an entry. */
  public enum Type {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    LINK,
    /** A pipe, a socket or a device. */
    OTHER;

    static Type of(DirectoryHandle.Type type) {
      return switch (type) {
        case FILE -> FILE;
        case DIRECTORY -> DIRECTORY;
        case LINK -> LINK;
        case OTHER -> OTHER;
      };
    }
  }

  /** Creates an entry. */
  public DirectoryEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  /** Whether the entry is a directory. */
  public boolean isDirectory() {
    return type == Type.DIRECTORY;
  }

  /** Whether the entry is a regular file. */
  public boolean isRegularFile() {
    return type == Type.FILE;
  }

  /** Whether the entry is a symbolic link. */
  public boolean isSymbolicLink() {
    return type == Type.LINK;
  }
}
