package dev.goasync.watch;

import dev.goasync.internal.backend.Backends;
import dev.goasync.watch.FileEvent.Kind;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Selects the events of one file from the events of its directory. One caller at a time. */
final class SingleFileFilter {
  /** The path that the caller gave, for the events. */
  private final Path name;

  private final Path path;
  private boolean exists;

  SingleFileFilter(Path name, Path path) {
    this.name = name;
    this.path = path;
  }

  /** Checks whether the file exists now. */
  void checkExists() {
    exists = Files.exists(Backends.locate(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the event of the file, or null if the event is of another file. */
  @Nullable FileEvent of(FileEvent event) {
    return switch (event.kind()) {
      case OVERFLOW -> {
        checkExists();
        yield FileEvent.of(Kind.OVERFLOW, name);
      }
      case CREATED -> event.path().equals(path) ? appeared() : null;
      case MODIFIED -> event.path().equals(path) ? FileEvent.of(Kind.MODIFIED, name) : null;
      case DELETED -> path.startsWith(event.path()) ? disappeared() : null;
      case MOVED -> {
        if (event.path().equals(path)) {
          yield appeared();
        }
        yield path.equals(event.from()) ? disappeared() : null;
      }
    };
  }

  /** One that takes the place of another is the same file with another content. */
  private FileEvent appeared() {
    Kind kind = exists ? Kind.MODIFIED : Kind.CREATED;
    exists = true;
    return FileEvent.of(kind, name);
  }

  private FileEvent disappeared() {
    exists = false;
    return FileEvent.of(Kind.DELETED, name);
  }
}
