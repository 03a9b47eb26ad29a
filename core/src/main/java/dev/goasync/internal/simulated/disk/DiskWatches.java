package dev.goasync.internal.simulated.disk;

import dev.goasync.internal.simulated.disk.DiskWatch.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The watches of a disk, which a crash ends. Owned by the thread of the simulation. */
public final class DiskWatches {
  /** The default of Linux, fs.inotify.max_queued_events. */
  private static final int MAX_CHANGES = 16_384;

  private final List<DiskWatch> open = new ArrayList<>();
  private int maxChanges = MAX_CHANGES;
  private int lastCookie;

  DiskWatches() {}

  /** Sets how many changes the queue of each new watch holds. */
  public void setMaxChanges(int max) {
    maxChanges = max;
  }

  /**
   * Opens a watch.
   *
   * @param notified called when it has got a change
   */
  public DiskWatch open(Runnable notified) {
    DiskWatch watch = new DiskWatch(maxChanges, notified);
    open.add(watch);
    return watch;
  }

  /** Closes a watch. */
  public void close(DiskWatch watch) {
    open.remove(watch);
  }

  void closeAll() {
    open.clear();
  }

  void created(PathWalk.Place place) {
    open.forEach(watch -> watch.entry(Kind.CREATED, place.directory(), place.name(), 0));
  }

  void modified(Node node) {
    open.forEach(watch -> watch.modified(node));
  }

  void deleted(PathWalk.Place place, Node node) {
    open.forEach(watch -> watch.entry(Kind.DELETED, place.directory(), place.name(), 0));
    gone(node);
  }

  void moved(PathWalk.Place from, PathWalk.Place to, Node moved, @Nullable Node replaced) {
    int cookie = ++lastCookie;
    for (DiskWatch watch : open) {
      watch.entry(Kind.MOVED_FROM, from.directory(), from.name(), cookie);
      watch.entry(Kind.MOVED_TO, to.directory(), to.name(), cookie);
      if (moved instanceof DirectoryNode directory) {
        watch.moved(directory);
      }
    }
    if (replaced != null) {
      gone(replaced);
    }
  }

  private void gone(Node node) {
    if (node instanceof DirectoryNode directory) {
      open.forEach(watch -> watch.deleted(directory));
    }
  }
}
