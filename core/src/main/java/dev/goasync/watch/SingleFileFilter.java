package dev.goasync.watch;

import dev.goasync.watch.FileEvent.Kind;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What of a folder's events concerns one file. One caller at a time. */
final class SingleFileFilter {
  /** As the user calls it. */
  private final Path name;

  private final Path path;
  private boolean exists;

  SingleFileFilter(Path name, Path path) {
    this.name = name;
    this.path = path;
  }

  /** Finds out whether it is there. */
  void look() {
    exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The file's event, or null if it is another's. */
  @Nullable FileEvent of(FileEvent event) {
    return switch (event.kind()) {
      case OVERFLOW -> {
        look();
        yield FileEvent.of(Kind.OVERFLOW, name);
      }
      case CREATED -> event.path().equals(path) ? come() : null;
      case MODIFIED -> event.path().equals(path) ? FileEvent.of(Kind.MODIFIED, name) : null;
      case DELETED -> path.startsWith(event.path()) ? gone() : null;
      case MOVED -> {
        if (event.path().equals(path)) {
          yield come();
        }
        yield path.equals(event.from()) ? gone() : null;
      }
    };
  }

  /** One that takes the place of another is the same file with another content. */
  private FileEvent come() {
    Kind kind = exists ? Kind.MODIFIED : Kind.CREATED;
    exists = true;
    return FileEvent.of(kind, name);
  }

  private FileEvent gone() {
    exists = false;
    return FileEvent.of(Kind.DELETED, name);
  }
}
