package dev.goasync.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was begun during a stretch of work and is to end with it: a scope's processes. Any thread.
 */
public final class Belongings {
  /** Something that must not outlive the stretch. */
  public interface Belonging {
    /** Asks it to end, without waiting. Never throws. */
    void askToEnd();

    /** Ends it, and returns when it has ended. Never throws. */
    void end();
  }

  private final Set<Belonging> all = new LinkedHashSet<>(); // guarded by this

  /** What ends with the innermost stretch that the caller is in; null if nothing does. */
  public static @Nullable Belongings current() {
    Fiber fiber = Fiber.currentEvenInSync();
    return fiber == null ? null : fiber.belongings();
  }

  /** Begins to belong. */
  public synchronized void add(Belonging belonging) {
    all.add(belonging);
  }

  /** It has ended. */
  public synchronized void remove(Belonging belonging) {
    all.remove(belonging);
  }

  /** Whether there is nothing to end. */
  public synchronized boolean isEmpty() {
    return all.isEmpty();
  }

  private synchronized List<Belonging> copy() {
    return List.copyOf(all);
  }

  /** Ends all, at once. */
  public void endAll() {
    List<Belonging> left = copy();
    left.forEach(Belonging::askToEnd);
    for (Belonging belonging : left) {
      belonging.end();
      remove(belonging);
    }
  }
}
