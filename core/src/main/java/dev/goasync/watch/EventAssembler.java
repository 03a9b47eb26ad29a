package dev.goasync.watch;

import dev.goasync.internal.platform.WatchHandle.Change;
import dev.goasync.internal.platform.WatchHandle.What;
import dev.goasync.watch.FileEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the changes that the kernel reports into events: joins the two halves of a move, lists new
 * directories, and keeps the set of watched directories up to date. One caller at a time.
 */
final class EventAssembler {
  private final Path root;
  private final WatchedDirectories directories;
  private final boolean tree;
  private final Deque<FileEvent> events = new ArrayDeque<>();

  /** Entries found by listing a new directory; the kernel may report their creation once more. */
  private final Set<Path> found = new HashSet<>();

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

  /**
   * Handles a batch of changes; an empty batch if the second half of a move did not come in time.
   */
  void accept(List<Change> batch) throws IOException {
    Deque<Change> left = new ArrayDeque<>(batch);
    Change first = firstHalf;
    if (first != null) {
      firstHalf = null;
      left.addFirst(first);
    }
    while (!left.isEmpty()) {
      Change next = left.removeFirst();
      if (next.what() != What.MOVED_FROM) {
        handle(next);
        continue;
      }
      Change second = secondHalf(next, left);
      if (second != null) {
        left.remove(second);
        moved(next, second);
      } else if (left.isEmpty() && next != first) {
        firstHalf = next;
      } else {
        disappeared(pathOf(next));
      }
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
    if (path == null || found.remove(path)) {
      return;
    }
    queue(FileEvent.of(Kind.CREATED, path));
    addNewDirectory(path);
  }

  private void addNewDirectory(Path path) throws IOException {
    if (tree && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      directories.addTreeIfThere(
          path,
          entry -> {
            if (found.add(entry)) {
              queue(FileEvent.of(Kind.CREATED, entry));
            }
          });
    }
  }

  private void disappeared(@Nullable Path path) throws IOException {
    if (path != null) {
      forgetBelow(path);
      directories.removeTree(path);
      queue(FileEvent.of(Kind.DELETED, path));
    }
  }

  private void moved(Change from, Change to) {
    Path before = pathOf(from);
    Path after = pathOf(to);
    if (before != null && after != null) {
      forgetBelow(before);
      forgetBelow(after);
      directories.move(before, after);
      queue(new FileEvent(Kind.MOVED, after, before));
    }
  }

  private void forgetBelow(Path path) {
    found.removeIf(each -> each.startsWith(path));
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

  /** Watches directories whose creation may be among the lost events. */
  private void overflown() throws IOException {
    queue(FileEvent.of(Kind.OVERFLOW, root));
    found.clear();
    if (tree) {
      directories.addTreeIfThere(root, _ -> {});
    }
  }

  private void queue(FileEvent event) {
    if (!event.equals(last)) {
      last = event;
      events.add(event);
    }
  }
}
