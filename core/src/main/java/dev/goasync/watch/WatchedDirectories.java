package dev.goasync.watch;

import dev.goasync.internal.platform.WatchHandle;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Maps the watches of directories to their current paths. One caller at a time. */
final class WatchedDirectories {
  private final WatchHandle handle;
  private final Map<Integer, Path> byWatch = new HashMap<>();

  WatchedDirectories(WatchHandle handle) {
    this.handle = handle;
  }

  /** Returns the current path of a watched directory; null if it is not watched any more. */
  @Nullable Path path(int watch) {
    return byWatch.get(watch);
  }

  void add(Path directory, boolean mayBeLink) throws IOException {
    byWatch.put(handle.add(directory, mayBeLink), directory);
  }

  /**
   * Watches a directory and all directories below it. A directory is watched before it is listed,
   * so an entry that is created meanwhile is found by the listing, reported by the kernel, or both.
   *
   * @param found receives each listed entry
   * @throws IOException if {@code top} cannot be watched, or the limit of watches is reached
   */
  void addTree(Path top, boolean mayBeLink, Consumer<Path> found) throws IOException {
    add(top, mayBeLink);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(top)) {
      for (Path entry : entries) {
        found.accept(entry);
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          addTreeIfThere(entry, found);
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    } catch (NoSuchFileException | NotDirectoryException deletedMeanwhile) {
      // the kernel reports the deletion
    }
  }

  /** Watches a directory tree; does nothing if {@code top} is gone or may not be read. */
  void addTreeIfThere(Path top, Consumer<Path> found) throws IOException {
    try {
      addTree(top, false, found);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException notToBeWatched) {
      // its changes are not reported
    }
  }

  /** Updates the paths after a directory was moved with all directories below it. */
  void move(Path from, Path to) {
    byWatch.replaceAll(
        (_, path) -> path.startsWith(from) ? to.resolve(from.relativize(path)) : path);
  }

  /** Stops watching a directory and all directories below it. */
  void removeTree(Path directory) throws IOException {
    for (Map.Entry<Integer, Path> entry : List.copyOf(byWatch.entrySet())) {
      if (entry.getValue().startsWith(directory)) {
        handle.remove(entry.getKey());
        byWatch.remove(entry.getKey());
      }
    }
  }

  void forget(int watch) {
    byWatch.remove(watch);
  }
}
