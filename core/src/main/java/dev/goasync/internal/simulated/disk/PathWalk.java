package dev.goasync.internal.simulated.disk;

import dev.goasync.internal.sys.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A walk along a path, name by name, as the kernel does it. */
final class PathWalk {
  private static final int MAX_LINKS = 40;
  private static final int MAX_NAME = 255;

  /**
   * Where a path leads.
   *
   * @param directory the directory of the last name
   * @param name the last name; {@code "."} if the path leads to the directory itself
   * @param node what has that name; null if it is missing
   * @param slash whether the path ends with a slash, so that it leads to a directory
   */
  record Place(DirectoryNode directory, String name, @Nullable Node node, boolean slash) {
    Node existing() throws DiskException {
      if (node == null) {
        throw new DiskException(Errno.ENOENT);
      }
      return node;
    }
  }

  private final DirectoryNode start;
  private final boolean beneath;
  private final ArrayDeque<String> names = new ArrayDeque<>();
  private DirectoryNode at;
  private int links;

  /**
   * @param beneath whether a path that leads out of {@code start} is an error, {@code EXDEV}
   */
  PathWalk(DirectoryNode start, boolean beneath) {
    this.start = start;
    this.at = start;
    this.beneath = beneath;
  }

  /**
   * Walks to the last name, which may be missing; follows it if it is a link and {@code follow}.
   */
  Place walk(String path, boolean follow) throws DiskException {
    boolean slash = path.endsWith("/");
    push(path);
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.equals("..")) {
        leave();
      } else if (!name.equals(".")) {
        Node found = enter(name);
        boolean last = names.isEmpty();
        if (found instanceof LinkNode link && (!last || follow || slash)) {
          follow(link);
        } else if (last) {
          return place(name, found, slash);
        } else if (found == null) {
          throw new DiskException(Errno.ENOENT);
        } else if (found instanceof DirectoryNode directory) {
          at = directory;
        } else {
          throw new DiskException(Errno.ENOTDIR);
        }
      }
    }
    return new Place(at, ".", at, slash);
  }

  private Place place(String name, @Nullable Node found, boolean slash) throws DiskException {
    if (slash && found != null && !(found instanceof DirectoryNode)) {
      throw new DiskException(Errno.ENOTDIR);
    }
    return new Place(at, name, found, slash);
  }

  private @Nullable Node enter(String name) throws DiskException {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      throw new DiskException(Errno.ENAMETOOLONG);
    }
    if (at.isDeleted()) {
      throw new DiskException(Errno.ENOENT);
    }
    return at.get(name);
  }

  private void leave() throws DiskException {
    if (beneath && at == start) {
      throw new DiskException(Errno.EXDEV);
    }
    at = at.parent();
  }

  private void follow(LinkNode link) throws DiskException {
    if (++links > MAX_LINKS) {
      throw new DiskException(Errno.ELOOP);
    }
    push(link.target());
  }

  private void push(String path) throws DiskException {
    if (path.startsWith("/")) {
      if (beneath) {
        throw new DiskException(Errno.EXDEV);
      }
      at = start.disk.root();
    }
    String[] parts = path.split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty()) {
        names.push(parts[i]);
      }
    }
  }
}
