package dev.goasync.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The resources that must be closed when a task scope ends: processes. Any thread. */
public final class ScopeResources {
  /** A resource that must not outlive its scope. */
  public interface ScopeResource {
    /** Starts to close the resource, without waiting. Never throws. */
    void requestClose();

    /** Closes the resource, and returns when it is closed. Never throws. */
    void end();
  }

  private final Set<ScopeResource> all = new LinkedHashSet<>(); // guarded by this

  /** The resources of the innermost scope that the caller runs in; null outside scopes. */
  public static @Nullable ScopeResources current() {
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber == null ? null : fiber.resources();
  }

  /** Adds a resource to the scope. */
  public synchronized void add(ScopeResource resource) {
    all.add(resource);
  }

  /** Removes a resource that is closed. */
  public synchronized void remove(ScopeResource resource) {
    all.remove(resource);
  }

  /** Whether the scope has no resources. */
  public synchronized boolean isEmpty() {
    return all.isEmpty();
  }

  private synchronized List<ScopeResource> copy() {
    return List.copyOf(all);
  }

  /** Closes all resources: requests the close of each first, then waits for each. */
  public void endAll() {
    List<ScopeResource> left = copy();
    left.forEach(ScopeResource::requestClose);
    for (ScopeResource resource : left) {
      resource.end();
      remove(resource);
    }
  }
}
