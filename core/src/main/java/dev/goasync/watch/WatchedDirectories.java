package dev.goasync.watch;

import dev.goasync.internal.backend.Backends;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps the watches of directories to their paths. One caller at a time. */
final class WatchedDirectories {
  /** Receives the entries of new directories. */
  interface Listed {
    /**
     * Called for an entry of a directory that was not watched before.
     *
     * @param key identifies the file at that path; null if it is gone or has no key
     */
    void accept(Path entry, @Nullable Object key);

    /**
     * Called for a directory that was watched at {@code from} and is at {@code to} now. All that
     * was known below it has moved along; the change that moved it is still in the queue.
     */
    default void moved(Path from, Path to) {}

    /**
     * Called if two directories were recorded at {@code path}, so that it is not known what has
     * moved: all that was known at and below {@code path} is void, and is not watched any more.
     */
    default void gone(Path path) {}
  }

  private final WatchHandle handle;
  private final Map<Integer, Path> byWatch = new HashMap<>();

  /**
   * Watches whose path was read from the disk while changes were in the queue: a change in the
   * queue may mean another directory by that path.
   */
  private final Set<Integer> ahead = new HashSet<>();

  WatchedDirectories(WatchHandle handle) {
    this.handle = handle;
  }

  /** Returns the path of a watched directory; null if it is not watched any more. */
  @Nullable Path path(int watch) {
    return byWatch.get(watch);
  }

  /** The queue of changes was empty: each recorded path was right then. */
  void drained() {
    ahead.clear();
  }

  /** Whether the directory at {@code path} is the one that is recorded there. */
  boolean isAt(Path path, boolean mayBeLink) throws IOException {
    int watch;
    try {
      watch = handle.add(path, mayBeLink);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException movedOn) {
      return false;
    }
    Path recorded = byWatch.get(watch);
    if (recorded == null) {
      handle.remove(watch);
    }
    return path.equals(recorded);
  }

  /** Watches a directory, but not its subdirectories. */
  void add(Path directory, boolean mayBeLink) throws IOException {
    byWatch.put(handle.add(directory, mayBeLink), directory);
  }

  /**
   * Watches a directory and all directories below it. A directory is watched before it is listed,
   * so an entry that is created meanwhile is found by the listing, reported by the kernel, or both.
   * Of a directory that was watched before, only directories that were not watched are listed.
   *
   * @param found receives each listed entry
   * @throws IOException if {@code top} cannot be watched, or the limit of watches is reached
   */
  void addTree(Path top, boolean mayBeLink, Listed found) throws IOException {
    addTree(top, mayBeLink, true, found);
  }

  private void addTree(Path top, boolean mayBeLink, boolean isReported, Listed found)
      throws IOException {
    int watch = handle.add(top, mayBeLink);
    Path before = byWatch.get(watch);
    boolean isKnown = before != null;
    if (!isKnown && !isReported) {
      found.accept(top, null);
    }
    if (before != null && !before.equals(top)) {
      isKnown = watchesAt(before) == 1 && watchesAt(top) == 0;
      if (isKnown) {
        replace(before, top);
        markAhead(top);
        found.moved(before, top);
      } else {
        removeTree(before);
        found.gone(before);
        removeTree(top);
        found.gone(top);
        found.accept(top, null);
        watch = handle.add(top, mayBeLink);
      }
    }
    if (byWatch.put(watch, top) == null) {
      ahead.add(watch);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Backends.locate(top))) {
      for (Path listed : entries) {
        Path entry = top.resolve(listed.getFileName().toString());
        BasicFileAttributes attributes = attributesOf(entry);
        if (!isKnown) {
          found.accept(entry, attributes == null ? null : attributes.fileKey());
        }
        if (attributes != null && attributes.isDirectory()) {
          addTreeIfThere(entry, !isKnown, found);
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    } catch (NoSuchFileException | NotDirectoryException deletedMeanwhile) {
      // the kernel reports the deletion
    }
  }

  static @Nullable BasicFileAttributes attributesOf(Path path) {
    try {
      return Files.readAttributes(
          Backends.locate(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException goneOrUnreadable) {
      return null;
    }
  }

  /** Watches a directory tree; does nothing if {@code top} is gone or may not be read. */
  void addTreeIfThere(Path top, Listed found) throws IOException {
    addTreeIfThere(top, true, found);
  }

  private void addTreeIfThere(Path top, boolean isReported, Listed found) throws IOException {
    try {
      addTree(top, false, isReported, found);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException notToBeWatched) {
      // its changes are not reported
    }
  }

  /**
   * Watches {@code root} anew after changes were lost, with {@code tree} also all directories below
   * it, and nothing else.
   *
   * @return false if another directory has the path of {@code root} now
   * @throws IOException if {@code root} is gone, or the limit of watches is reached
   */
  boolean resynchronize(Path root, boolean tree) throws IOException {
    int watch = handle.add(root, true);
    if (!root.equals(byWatch.get(watch))) {
      handle.remove(watch);
      return false;
    }
    if (tree) {
      for (int each : List.copyOf(byWatch.keySet())) {
        if (each != watch) {
          remove(each);
        }
      }
      addTree(root, true, (_, _) -> {});
    }
    return true;
  }

  /**
   * Updates the paths after a file, or a directory with all directories below it, was moved.
   *
   * @return false if it is not certain that the directory recorded at {@code from} was moved to
   *     {@code to}: the directory there is another one, or has gone on and may have been another
   */
  boolean move(Path from, Path to) throws IOException {
    int watch;
    try {
      watch = handle.add(to, false);
    } catch (NotDirectoryException file) {
      if (isWatchedBelow(from)) {
        return false; // another directory was found there before this change
      }
      replace(from, to);
      return true;
    } catch (NoSuchFileException | AccessDeniedException movedOn) {
      if (watchesAt(from) > 1 || isAhead(from)) {
        return false;
      }
      replace(from, to); // a later change has its next path
      return true;
    }
    Path before = byWatch.get(watch);
    if (before == null) {
      handle.remove(watch); // addTree watches it again, and lists it
      return false;
    }
    if (!before.equals(from) || watchesAt(from) > 1) {
      return false;
    }
    replace(from, to);
    return true;
  }

  /**
   * How many directories are recorded at a path: two, if one has replaced the other and the change
   * that moved the first one away is still in the queue.
   */
  private long watchesAt(Path path) {
    return byWatch.values().stream().filter(path::equals).count();
  }

  private boolean isAhead(Path path) {
    return ahead.stream().anyMatch(watch -> path.equals(byWatch.get(watch)));
  }

  private void markAhead(Path top) {
    byWatch.forEach((watch, path) -> {
      if (path.startsWith(top)) {
        ahead.add(watch);
      }
    });
  }

  private boolean isWatchedBelow(Path directory) {
    return byWatch.values().stream().anyMatch(path -> path.startsWith(directory));
  }

  /** Moves the records of a tree. Those of {@code to}, which it replaces, are dropped. */
  private void replace(Path from, Path to) throws IOException {
    for (Map.Entry<Integer, Path> entry : List.copyOf(byWatch.entrySet())) {
      Path path = entry.getValue();
      if (path.startsWith(from)) {
        byWatch.put(entry.getKey(), to.resolve(from.relativize(path)));
      } else if (path.startsWith(to)) {
        remove(entry.getKey());
      }
    }
  }

  /** Stops watching a directory and all directories below it. */
  void removeTree(Path directory) throws IOException {
    for (Map.Entry<Integer, Path> entry : List.copyOf(byWatch.entrySet())) {
      if (entry.getValue().startsWith(directory)) {
        remove(entry.getKey());
      }
    }
  }

  private void remove(int watch) throws IOException {
    forget(watch);
    handle.remove(watch);
  }

  /** Forgets a watch that the kernel has ended. */
  void forget(int watch) {
    byWatch.remove(watch);
    ahead.remove(watch);
  }
}
