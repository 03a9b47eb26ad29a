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
 * Makes events of what the system tells: joins the halves of moves, finds what is in new folders,
 * keeps track of the folders. One caller at a time.
 */
final class EventAssembler {
  private final Path root;
  private final WatchedDirectories folders;
  private final boolean tree;
  private final Deque<FileEvent> events = new ArrayDeque<>();

  /** What was found in a folder that is new, and may be told of once more by the system. */
  private final Set<Path> found = new HashSet<>();

  /** The first half of a move, whose other half may come yet. */
  private @Nullable Change half;

  /** What was queued last, as the same again says nothing. */
  private @Nullable FileEvent last;

  private boolean rootGone;

  /**
   * @param root what is watched, for events that concern all of it
   * @param tree whether folders in folders are watched too
   */
  EventAssembler(Path root, WatchedDirectories folders, boolean tree) {
    this.root = root;
    this.folders = folders;
    this.tree = tree;
  }

  /** The next event, or null if there is none. */
  @Nullable FileEvent poll() {
    FileEvent next = events.poll();
    if (events.isEmpty()) {
      last = null;
    }
    return next;
  }

  /** Gives back what was polled, in its order. */
  void putBack(Collection<FileEvent> polled) {
    new ArrayList<>(polled).reversed().forEach(events::addFirst);
  }

  boolean hasEvents() {
    return !events.isEmpty();
  }

  /** Whether a move is half told. */
  boolean isHalf() {
    return half != null;
  }

  /** Whether what is watched has been deleted or moved, and nothing more will be told. */
  boolean isOver() {
    return rootGone;
  }

  /** Takes what has changed; nothing, if the other half of a move did not come in time. */
  void take(List<Change> batch) throws IOException {
    Deque<Change> left = new ArrayDeque<>(batch);
    Change first = half;
    if (first != null) {
      half = null;
      left.addFirst(first);
    }
    while (!left.isEmpty()) {
      Change next = left.removeFirst();
      if (next.what() != What.MOVED_FROM) {
        take(next);
        continue;
      }
      Change other = otherHalf(next, left);
      if (other != null) {
        left.remove(other);
        moved(next, other);
      } else if (left.isEmpty() && next != first) {
        half = next;
      } else {
        gone(pathOf(next));
      }
    }
  }

  private static @Nullable Change otherHalf(Change from, Iterable<Change> later) {
    for (Change each : later) {
      if (each.what() == What.MOVED_TO && each.cookie() == from.cookie()) {
        return each;
      }
    }
    return null;
  }

  private void take(Change change) throws IOException {
    Path path = pathOf(change);
    switch (change.what()) {
      case OVERFLOW -> overflown();
      case DIRECTORY_DELETED -> folderGone(change.watch());
      case DIRECTORY_MOVED -> {
        if (root.equals(path)) {
          rootIsGone();
        }
      }
      case CREATED, MOVED_TO -> come(path);
      case MODIFIED -> {
        if (path != null && change.name() != null) { // else its own folder tells of it
          queue(FileEvent.of(Kind.MODIFIED, path));
        }
      }
      case DELETED, MOVED_FROM -> gone(path);
    }
  }

  private @Nullable Path pathOf(Change change) {
    Path folder = folders.path(change.watch());
    Path name = change.name();
    return folder == null || name == null ? folder : folder.resolve(name);
  }

  private void come(@Nullable Path path) throws IOException {
    if (path == null || found.remove(path)) {
      return;
    }
    queue(FileEvent.of(Kind.CREATED, path));
    lookInto(path);
  }

  private void lookInto(Path path) throws IOException {
    if (tree && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      folders.addTreeIfThere(
          path,
          entry -> {
            if (found.add(entry)) {
              queue(FileEvent.of(Kind.CREATED, entry));
            }
          });
    }
  }

  private void gone(@Nullable Path path) throws IOException {
    if (path != null) {
      forgetBelow(path);
      folders.leave(path);
      queue(FileEvent.of(Kind.DELETED, path));
    }
  }

  private void moved(Change from, Change to) {
    Path before = pathOf(from);
    Path after = pathOf(to);
    if (before != null && after != null) {
      forgetBelow(before);
      forgetBelow(after);
      folders.move(before, after);
      queue(new FileEvent(Kind.MOVED, after, before));
    }
  }

  private void forgetBelow(Path path) {
    found.removeIf(each -> each.startsWith(path));
  }

  private void folderGone(int watch) {
    Path path = folders.path(watch);
    folders.forget(watch);
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

  /** New folders may be among what was not told. */
  private void overflown() throws IOException {
    queue(FileEvent.of(Kind.OVERFLOW, root));
    found.clear();
    if (tree) {
      folders.addTreeIfThere(root, _ -> {});
    }
  }

  private void queue(FileEvent event) {
    if (!event.equals(last)) {
      last = event;
      events.add(event);
    }
  }
}
