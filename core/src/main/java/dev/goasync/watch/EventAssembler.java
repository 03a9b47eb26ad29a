package dev.goasync.watch;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.WatchHandle.Change;
import dev.goasync.internal.platform.WatchHandle.What;
import dev.goasync.watch.FileEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the changes that the kernel reports into events: joins the two halves of a move, lists new
 * directories, and keeps the set of watched directories up to date. One caller at a time.
 *
 * <p><b>Stale changes.</b> The directories on the disk are ahead of the changes in the queue: when
 * a change is handled, its path may be gone, or may name another directory. So a path is trusted
 * only after the kernel has returned its watch, which identifies a directory independent of its
 * path:
 *
 * <ul>
 *   <li>A directory that appears, or moves, is watched and listed with everything below it.
 *   <li>A directory that is found under a path other than the recorded one is reported as moved,
 *       and what is at the recorded path now as new. The changes that brought them there are still
 *       in the queue and report them again.
 *   <li>A move is reported as a move if the directory at the new path is the one that was recorded
 *       at the old path, else as a deletion and a creation with all entries. If the directory has
 *       left the new path already, the move is reported as one only if the recorded path dates from
 *       a moment at which the queue was empty.
 * </ul>
 *
 * <p>What is at the path of an entry that has disappeared is reported as new, if the directory that
 * contains it is still the recorded one.
 *
 * <p>So an entry can be reported as created twice, but after the last change the events have led to
 * the state on the disk.
 */
final class EventAssembler {
  private final Path root;
  private final WatchedDirectories directories;
  private final boolean tree;
  private final Deque<FileEvent> events = new ArrayDeque<>();

  /**
   * Entries found by listing a new directory, with their file keys. The kernel may report their
   * creation once more, until all changes that are older than the listing have been read.
   */
  private final Map<Path, @Nullable Object> found = new HashMap<>();

  /** Changes that were read and not yet handled. */
  private final Deque<Change> pending = new ArrayDeque<>();

  /** The first half of a move whose second half may still come. */
  private @Nullable Change firstHalf;

  /** The event queued last; an equal next event is dropped. */
  private @Nullable FileEvent last;

  private boolean rootGone;

  /**
   * @param root the watched directory, the path of events that concern the whole watch
   * @param tree whether subdirectories are watched too
   */
  EventAssembler(Path root, WatchedDirectories directories, boolean tree) {
    this.root = root;
    this.directories = directories;
    this.tree = tree;
  }

  /** Removes and returns the next event, or null if there is none. */
  @Nullable FileEvent poll() {
    FileEvent next = events.poll();
    if (events.isEmpty()) {
      last = null;
    }
    return next;
  }

  /** Puts polled events back to the front of the queue, in their order. */
  void putBack(Collection<FileEvent> polled) {
    new ArrayList<>(polled).reversed().forEach(events::addFirst);
  }

  boolean hasEvents() {
    return !events.isEmpty();
  }

  /** Whether the first half of a move has come and its second half has not. */
  boolean awaitsSecondHalf() {
    return firstHalf != null;
  }

  /** Whether the root was deleted or moved, so that no further event comes. */
  boolean isOver() {
    return rootGone;
  }

  /** Whether changes are left from a batch whose handling failed. */
  boolean hasPending() {
    return !pending.isEmpty();
  }

  /**
   * The queue of the kernel was empty: no creation comes twice, and each recorded path was right.
   */
  void drained() {
    found.clear();
    directories.drained();
  }

  /**
   * Handles a batch of changes; an empty batch if the second half of a move did not come in time.
   *
   * @throws IOException if a directory cannot be watched; the rest of the batch is handled by the
   *     next call
   */
  void accept(List<Change> batch) throws IOException {
    Change first = firstHalf;
    firstHalf = null;
    if (first != null) {
      pending.addFirst(first);
    }
    pending.addAll(batch);
    while (!pending.isEmpty() && !rootGone) {
      Change next = pending.removeFirst();
      if (next.what() != What.MOVED_FROM) {
        handle(next);
        continue;
      }
      Change second = secondHalf(next, pending);
      if (second != null) {
        pending.remove(second);
        moved(next, second);
      } else if (pending.isEmpty() && next != first) {
        firstHalf = next;
      } else {
        disappeared(pathOf(next));
      }
    }
    if (rootGone) {
      pending.clear();
    }
  }

  private static @Nullable Change secondHalf(Change from, Iterable<Change> later) {
    for (Change each : later) {
      if (each.what() == What.MOVED_TO && each.cookie() == from.cookie()) {
        return each;
      }
    }
    return null;
  }

  private void handle(Change change) throws IOException {
    Path path = pathOf(change);
    switch (change.what()) {
      case OVERFLOW -> overflown();
      case DIRECTORY_DELETED -> directoryGone(change.watch());
      case DIRECTORY_MOVED -> {
        if (root.equals(path)) {
          rootIsGone();
        }
      }
      case CREATED, MOVED_TO -> appeared(path);
      case MODIFIED -> {
        if (path != null && change.name() != null) { // else the parent's watch reports it
          queue(FileEvent.of(Kind.MODIFIED, path));
        }
      }
      case DELETED, MOVED_FROM -> disappeared(path);
    }
  }

  private @Nullable Path pathOf(Change change) {
    Path directory = directories.path(change.watch());
    Path name = change.name();
    return directory == null || name == null ? directory : directory.resolve(name);
  }

  private void appeared(@Nullable Path path) throws IOException {
    if (path == null || isFoundAlready(path)) {
      return;
    }
    queue(FileEvent.of(Kind.CREATED, path));
    addNewDirectory(path);
  }

  /** Whether a listing has reported the same file; another file may have replaced it since. */
  private boolean isFoundAlready(Path path) {
    Object key = found.remove(path);
    if (key == null) {
      return false;
    }
    BasicFileAttributes now = WatchedDirectories.attributesOf(path);
    return now != null && key.equals(now.fileKey());
  }

  private void addNewDirectory(Path path) throws IOException {
    if (isDirectoryOfTree(path)) {
      new Listing().add(path);
    }
  }

  private boolean isDirectoryOfTree(Path path) {
    return tree && Files.isDirectory(Backends.locate(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Reports the entries of a new directory, and the directories that were found to have moved. */
  private final class Listing implements WatchedDirectories.Listed {
    /** Where directories were that have moved: another file may be there by now. */
    private final Deque<Path> vacated = new ArrayDeque<>();

    /** All vacated paths, each listed once: a bind mount is found at two paths again and again. */
    private final Set<Path> listed = new HashSet<>();

    void add(Path top) throws IOException {
      directories.addTreeIfThere(top, this);
      addVacated();
    }

    /** Reports what is at the vacated paths now. */
    void addVacated() throws IOException {
      for (Path from = vacated.poll(); from != null; from = vacated.poll()) {
        BasicFileAttributes now = WatchedDirectories.attributesOf(from);
        if (now != null && isInRecordedDirectory(from)) {
          accept(from, now.fileKey());
          if (now.isDirectory()) {
            directories.addTreeIfThere(from, this);
          }
        }
      }
    }

    /** If not, a change in the queue brings the directory that is there, with its entries. */
    private boolean isInRecordedDirectory(Path path) throws IOException {
      Path directory = path.getParent();
      return directory != null && directories.isAt(directory, directory.equals(root));
    }

    @Override
    public void accept(Path entry, @Nullable Object key) {
      found.put(entry, key);
      queue(FileEvent.of(Kind.CREATED, entry));
    }

    @Override
    public void moved(Path from, Path to) {
      forgetBelow(from);
      queue(new FileEvent(Kind.MOVED, to, from));
      vacate(from);
    }

    @Override
    public void gone(Path path) {
      forgetBelow(path);
      queue(FileEvent.of(Kind.DELETED, path));
      vacate(path);
    }

    void vacate(Path path) {
      if (listed.add(path)) {
        vacated.add(path);
      }
    }
  }

  /** Reports an entry as deleted; another one may be at its path, and may have been found there. */
  private void disappeared(@Nullable Path path) throws IOException {
    if (path == null) {
      return;
    }
    forgetBelow(path);
    directories.removeTree(path);
    queue(FileEvent.of(Kind.DELETED, path));
    if (tree) {
      Listing listing = new Listing();
      listing.vacate(path);
      listing.addVacated();
    }
  }

  private void moved(Change from, Change to) throws IOException {
    Path before = pathOf(from);
    Path after = pathOf(to);
    if (before == null || after == null) {
      disappeared(before);
      appeared(after);
      return;
    }
    forgetBelow(before);
    forgetBelow(after);
    boolean isSame = !tree;
    try {
      isSame = isSame || directories.move(before, after);
    } finally {
      if (isSame) {
        queue(new FileEvent(Kind.MOVED, after, before));
        addNewDirectory(after);
      } else {
        disappeared(before);
        appeared(pathOf(to)); // unless its directory was below the one that has disappeared
      }
    }
  }

  private void forgetBelow(Path path) {
    found.keySet().removeIf(each -> each.startsWith(path));
  }

  private void directoryGone(int watch) {
    Path path = directories.path(watch);
    directories.forget(watch);
    if (root.equals(path)) {
      rootIsGone();
    }
  }

  private void rootIsGone() {
    if (!rootGone) {
      rootGone = true;
      queue(FileEvent.of(Kind.DELETED, root));
    }
  }

  /**
   * Watches the tree anew, as creations and moves of directories may be among the lost events. So
   * may be the end of the root.
   */
  private void overflown() throws IOException {
    queue(FileEvent.of(Kind.OVERFLOW, root));
    found.clear();
    try {
      if (!directories.resynchronize(root, tree)) {
        rootIsGone();
      }
    } catch (NoSuchFileException | NotDirectoryException rootDeleted) {
      rootIsGone();
    }
  }

  private void queue(FileEvent event) {
    if (!event.equals(last)) {
      last = event;
      events.add(event);
    }
  }
}
