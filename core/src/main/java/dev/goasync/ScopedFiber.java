package dev.goasync;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.ScopeResources;
import org.jspecify.annotations.Nullable;

/** The coroutine of a scope's task; a link of the list of those that run. */
final class ScopedFiber<T extends @Nullable Object> extends TaskFiber<T> {
  final ScopeTasks scope;

  // Owned by the scope.
  boolean running;
  @Nullable ScopedFiber<?> previous;
  @Nullable ScopedFiber<?> next;

  ScopedFiber(
      ScopeTasks scope,
      Loop loop,
      @Nullable String name,
      StartSite place,
      Body<? extends T, ?> body) {
    super(loop, name, place, body);
    this.scope = scope;
  }

  @Override
  protected ScopeResources outerResources() {
    return scope.resources;
  }

  @Override
  void ended() {
    scope.end(this);
  }
}
