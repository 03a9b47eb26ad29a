package dev.goasync.internal.nio.file;

import dev.goasync.internal.platform.DirectoryHandle;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A walk from a directory to a path beneath it, name by name. The JDK follows no link; the walk
 * replaces a link by the names of its target. {@code ..} returns to the place before, and never
 * above the first one.
 */
final class NioWalk implements Closeable {
  private static final int MAX_LINKS = 40;
  private static final Path HERE = Path.of(".");
  private static final String SEPARATOR = HERE.getFileSystem().getSeparator();

  private final Path directory;
  private final String relative;
  private final NioPlace root;

  /** The places on the way, without the first one. */
  private final ArrayDeque<NioPlace> places = new ArrayDeque<>();

  private final ArrayDeque<String> names = new ArrayDeque<>();
  private Path name = HERE;
  private int links;

  NioWalk(Path directory, NioPlace root, String relative) throws IOException {
    this.directory = directory;
    this.root = root;
    this.relative = relative;
    push(relative);
  }

  /** The directory that the walk has reached. */
  NioPlace place() {
    return places.isEmpty() ? root : places.getFirst();
  }

  /** The last name, an entry of {@link #place}; {@code "."} is the place itself. */
  Path name() {
    return name;
  }

  /** Whether opening the last name may wait for another process. */
  boolean isPipeOrDevice() {
    try {
      return place().attributes(name).isOther();
    } catch (IOException unknown) {
      return false; // opening the file throws the reason
    }
  }

  /** Walks until one name is left; follows it too, if it is a link and {@code follow}. */
  void toLast(boolean follow) throws IOException {
    while (!names.isEmpty()) {
      Path next = checked(names.pop());
      boolean last = names.isEmpty() && !isDots(next);
      BasicFileAttributes found = last && !follow ? null : attributes(next);
      if (last && (found == null || !found.isSymbolicLink())) {
        name = next;
        return;
      }
      step(next, found);
    }
  }

  /** Walks to the parent of the last name, which may be missing. */
  void toParent() throws IOException {
    while (names.size() > 1 && names.getLast().isEmpty()) {
      names.removeLast(); // slashes at the end
    }
    toLast(false);
  }

  /** Walks to the path, which must be a directory; the caller closes the result. */
  NioPlace enterAll() throws IOException {
    while (!names.isEmpty()) {
      Path next = checked(names.pop());
      step(next, attributes(next));
    }
    return place().enter(HERE);
  }

  /** Enters what the attributes say: the JDK loses a descriptor if it enters a file (JDK 25). */
  private void step(Path next, @Nullable BasicFileAttributes found) throws IOException {
    if (next.toString().equals("..")) {
      if (places.isEmpty()) {
        throw leadsOut();
      }
      places.pop().close();
    } else if (found != null && found.isSymbolicLink()) {
      if (++links > MAX_LINKS) {
        throw new FileSystemException(relative, null, "Too many levels of symbolic links");
      }
      push(place().target(next).toString());
    } else if (found != null && !found.isDirectory()) {
      throw new NotDirectoryException(next.toString());
    } else if (found != null) {
      places.push(place().enter(next));
    } else if (!isDots(next)) {
      throw new NoSuchFileException(next.toString());
    }
  }

  /** The attributes of an entry; null if it is missing, or the name is one of dots. */
  private @Nullable BasicFileAttributes attributes(Path next) throws IOException {
    try {
      return isDots(next) ? null : place().attributes(next);
    } catch (NoSuchFileException missing) {
      return null;
    }
  }

  private static boolean isDots(Path next) {
    String text = next.toString();
    return text.equals(".") || text.equals("..") || text.isEmpty();
  }

  /** Converts a name; on Windows a name can contain a drive or a separator. */
  private Path checked(String text) throws IOException {
    Path next = Path.of(text);
    if (next.getRoot() != null || next.getNameCount() != 1) {
      throw leadsOut();
    }
    return next;
  }

  private void push(String path) throws IOException {
    if (path.startsWith("/") || Path.of(path).getRoot() != null) {
      throw leadsOut();
    }
    String[] parts = path.replace(SEPARATOR, "/").split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      names.push(parts[i]);
    }
  }

  private IOException leadsOut() {
    return DirectoryHandle.leadsOut(directory, relative);
  }

  @Override
  public void close() throws IOException {
    for (NioPlace place : places) {
      place.close();
    }
  }
}
