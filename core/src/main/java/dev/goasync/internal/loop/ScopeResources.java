package dev.goasync.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was begun during a stretch of work and is to end with it: a scope's processes. Any thread.
 */
public final class ScopeResources {
  /** Something that must not outlive the stretch. */
  public interface ScopeResource {
    /** Asks it to end, without waiting. Never throws. */
    void requestClose();

    /** Ends it, and returns when it has ended. Never throws. */
    void end();
  }

  private final Set<ScopeResource> all = new LinkedHashSet<>(); // guarded by this

  /** What ends with the innermost stretch that the caller is in; null if nothing does. */
  public static @Nullable ScopeResources current() {
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber == null ? null : fiber.resources();
  }

  /** Begins to belong. */
  public synchronized void add(ScopeResource belonging) {
    all.add(belonging);
  }

  /** It has ended. */
  public synchronized void remove(ScopeResource belonging) {
    all.remove(belonging);
  }

  /** Whether there is nothing to end. */
  public synchronized boolean isEmpty() {
    return all.isEmpty();
  }

  private synchronized List<ScopeResource> copy() {
    return List.copyOf(all);
  }

  /** Ends all, at once. */
  public void endAll() {
    List<ScopeResource> left = copy();
    left.forEach(ScopeResource::requestClose);
    for (ScopeResource belonging : left) {
      belonging.end();
      remove(belonging);
    }
  }
}
