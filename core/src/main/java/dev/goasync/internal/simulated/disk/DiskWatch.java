package dev.goasync.internal.simulated.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A queue of the changes of some directories, as an instance of inotify is: equal changes in a row
 * are one, and when the queue is full an overflow takes the place of what is lost. Owned by the
 * thread of the simulation.
 */
public final class DiskWatch {
  /** The number of the watch in an overflow. */
  public static final int NONE = -1;

  /** The kind of a change, of an entry or of the directory itself. */
  public enum Kind {
    CREATED,
    MODIFIED,
    DELETED,
    MOVED_FROM,
    MOVED_TO,
    DIRECTORY_MOVED,
    DIRECTORY_DELETED,
    OVERFLOW
  }

  /**
   * A change.
   *
   * @param watch the number that {@link #add} returned
   * @param name the entry; null for the directory itself
   * @param cookie the same for both halves of a move; 0 otherwise
   */
  public record Change(Kind kind, int watch, @Nullable String name, int cookie) {}

  private final int maxChanges;
  private final Runnable notified;
  private final Map<Integer, DirectoryNode> directories = new TreeMap<>();
  private final Deque<Change> changes = new ArrayDeque<>();
  private int lastNumber;

  DiskWatch(int maxChanges, Runnable notified) {
    this.maxChanges = maxChanges;
    this.notified = notified;
  }

  /** Watches a directory; returns its number, the same one if it is watched already. */
  public int add(DirectoryNode directory) {
    for (Map.Entry<Integer, DirectoryNode> each : directories.entrySet()) {
      if (each.getValue() == directory) {
        return each.getKey();
      }
    }
    directories.put(++lastNumber, directory);
    return lastNumber;
  }

  /** Ends the watch of a directory, which is a change too. */
  public void remove(int number) {
    if (directories.remove(number) != null) {
      queue(new Change(Kind.DIRECTORY_DELETED, number, null, 0));
    }
  }

  /** Whether there are no changes. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The number of changes. */
  public int size() {
    return changes.size();
  }

  /** Removes and returns the first {@code count} changes. */
  public List<Change> take(int count) {
    List<Change> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(changes.remove());
    }
    return taken;
  }

  /** An entry of a directory has changed. */
  void entry(Kind kind, DirectoryNode directory, String name, int cookie) {
    directories.forEach((number, each) -> {
      if (each == directory) {
        queue(new Change(kind, number, name, cookie));
      }
    });
  }

  /** The content or the attributes of a node have changed; each of its names reports it. */
  void modified(Node node) {
    directories.forEach((number, directory) ->
        directory
            .entries()
            .forEach((name, each) -> {
              if (each == node) {
                queue(new Change(Kind.MODIFIED, number, name, 0));
              }
            }));
  }

  /** A directory was moved. */
  void moved(DirectoryNode directory) {
    directories.forEach((number, each) -> {
      if (each == directory) {
        queue(new Change(Kind.DIRECTORY_MOVED, number, null, 0));
      }
    });
  }

  /** A directory was deleted, and with it its watch. */
  void deleted(DirectoryNode directory) {
    List.copyOf(directories.keySet())
        .forEach(number -> {
          if (directories.get(number) == directory) {
            remove(number);
          }
        });
  }

  private void queue(Change change) {
    if (change.equals(changes.peekLast())) {
      return;
    }
    if (changes.size() < maxChanges) {
      changes.add(change);
    } else if (changes.getLast().kind() != Kind.OVERFLOW) {
      changes.add(new Change(Kind.OVERFLOW, NONE, null, 0));
    }
    notified.run();
  }
}
