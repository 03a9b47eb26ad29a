package dev.goasync.internal.task;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.ScopeResources;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The coroutine of a scope's task; also a node of the scope's list of running tasks. */
final class ScopedFiber<T extends @Nullable Object> extends TaskFiber<T> {
  final ScopeTasks scope;

  // Owned by the scope.
  boolean running;
  @Nullable ScopedFiber<?> previous;
  @Nullable ScopedFiber<?> next;

  ScopedFiber(
      TaskCore<T> task,
      ScopeTasks scope,
      Loop loop,
      @Nullable String name,
      Callable<? extends T> body) {
    super(task, loop, name, body);
    this.scope = scope;
  }

  /** Starts the coroutine, or queues it if the scope's tasks are at their maximum. */
  @Override
  void launch() {
    inheritScopedValues();
    scope.start(this);
  }

  @Override
  protected ScopeResources outerResources() {
    return scope.resources;
  }

  @Override
  protected long outerRemainingNanos() {
    return scope.bodyScope().remainingNanosOutside();
  }

  @Override
  void ended() {
    scope.end(this);
  }
}
