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

/** The folders that are watched, by what names their watch. One caller at a time. */
final class WatchedDirectories {
  private final WatchHandle handle;
  private final Map<Integer, Path> byWatch = new HashMap<>();

  WatchedDirectories(WatchHandle handle) {
    this.handle = handle;
  }

  /** The path of a folder, as it is now; null if it is watched no longer. */
  @Nullable Path path(int watch) {
    return byWatch.get(watch);
  }

  void add(Path folder, boolean mayBeLink) throws IOException {
    byWatch.put(handle.add(folder, mayBeLink), folder);
  }

  /**
   * Watches a folder and all below it. A folder is watched before it is listed, so what comes into
   * it meanwhile is found, told of by the system, or both.
   *
   * @param found told of each entry that is listed
   * @throws IOException if {@code top} cannot be watched, or no more folders can
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
    } catch (NoSuchFileException | NotDirectoryException goneMeanwhile) {
      // of which we are told
    }
  }

  /** Like {@link #addTree}, for what may be gone, or nobody is allowed to look at. */
  void addTreeIfThere(Path top, Consumer<Path> found) throws IOException {
    try {
      addTree(top, false, found);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException notToBeWatched) {
      // and nobody is told what happens there
    }
  }

  /** A folder was moved; so were all that are below it. */
  void move(Path from, Path to) {
    byWatch.replaceAll(
        (_, path) -> path.startsWith(from) ? to.resolve(from.relativize(path)) : path);
  }

  /** A folder is no longer where it is to be watched; nor is what is below it. */
  void leave(Path folder) throws IOException {
    for (Map.Entry<Integer, Path> entry : List.copyOf(byWatch.entrySet())) {
      if (entry.getValue().startsWith(folder)) {
        handle.remove(entry.getKey());
        byWatch.remove(entry.getKey());
      }
    }
  }

  void forget(int watch) {
    byWatch.remove(watch);
  }
}
