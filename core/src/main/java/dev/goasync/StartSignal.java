package dev.goasync;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.task.ScopeTasks;
import dev.goasync.internal.task.StartSite;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a task has started and is ready. {@link TaskScope#awaitStart} starts such a task and
 * waits for the report. For services that others may use only once they are ready:
 *
 * <pre>{@code
 * TaskScope.run(scope -> {
 *   StartedTask<Integer> server = scope.awaitStart(signal -> {
 *     try (AsyncServerSocket listener = AsyncServerSocket.listen(0)) {
 *       signal.ready(listener.localAddress().getPort());
 *       listener.accept().close();
 *     }
 *   });
 *   AsyncSocket.connect("localhost", server.value()).close();
 *   return null;
 * });
 * }</pre>
 *
 * <p><b>Failures.</b> Until the task is ready its failure comes out of {@code awaitStart} alone;
 * the scope does not count it. If the caller is cancelled or its time is over, the task is
 * cancelled, and its end is awaited before {@code awaitStart} throws. To limit the time of the
 * start, call {@code awaitStart} in {@link GoAsync#withTimeout}.
 *
 * <p><b>Threads.</b> Use it on the loop of the scope.
 *
 * @param <V> the type of the reported value
 */
public final class StartSignal<V extends @Nullable Object> {
  /**
   * The body of a task that reports when it is ready.
   *
   * @param <V> the type of the reported value
   */
  @FunctionalInterface
  public interface Work<V extends @Nullable Object> {
    /**
     * Calls {@link StartSignal#ready} once, then does the rest of its work.
     *
     * @throws Exception if that fails
     */
    void run(StartSignal<V> signal) throws Exception;
  }

  private final TaskScope scope;
  private @Nullable Task<@Nullable Void> task;
  private @Nullable V value;
  private boolean ready;
  private boolean abandoned;

  private StartSignal(TaskScope scope) {
    this.scope = scope;
  }

  /**
   * Reports that the task is ready: the caller of {@code awaitStart} continues with {@code value}.
   * From now on the scope counts the task's failure. No effect if that caller has been cancelled
   * meanwhile; the task is cancelled then. Never waits.
   *
   * @throws IllegalStateException if the task has reported before, or the caller runs on another
   *     loop
   */
  public void ready(V value) {
    scope.checkUsable();
    if (ready) {
      throw new IllegalStateException(task + " has reported before that it is ready");
    }
    ready = true;
    this.value = value;
    if (!abandoned && task != null) {
      scope.starting.remove(task);
      scope.tasks.checkWaits();
    }
  }

  static <V extends @Nullable Object> StartedTask<V> await(
      TaskScope scope, @Nullable String name, Work<V> work) {
    scope.checkUsable();
    Fiber caller = Fiber.current();
    if (caller == null) {
      throw new IllegalStateException("awaitStart needs a coroutine; it was called outside one");
    }
    caller.checkCancelled();
    StartSignal<V> signal = new StartSignal<>(scope);
    Body<@Nullable Void, Exception> body = GoAsync.asBody(() -> work.run(signal));
    Task<@Nullable Void> task = scope.start(name, StartSite.of(work), body);
    scope.starting.add(task);
    signal.task = task;
    return signal.await(caller, scope.tasks, task);
  }

  @SuppressWarnings("NullAway") // V may be null itself
  private StartedTask<V> await(Fiber caller, ScopeTasks tasks, Task<@Nullable Void> started) {
    try {
      tasks.awaitUntil(() -> ready || started.isCompleted(), started + " to be ready");
    } catch (Cancellation cancelled) {
      abandoned = true;
      tasks.cancelNow(started, "the caller of awaitStart was cancelled");
      awaitEndShielded(caller, tasks, started);
      if (started.hasFailed() && !started.isCancelled()) {
        cancelled.addSuppressed(started.failure());
      }
      throw cancelled;
    }
    if (ready) {
      return new StartedTask<>(value, started);
    }
    started.await(); // throws its failure
    throw new IllegalStateException(
        started + " ended before it was ready; call ready() of its StartSignal");
  }

  private static void awaitEndShielded(Fiber caller, ScopeTasks tasks, Task<?> started) {
    CancelScope shield = caller.openScope(true);
    try {
      while (!started.isCompleted()) {
        tasks.awaitUntil(started::isCompleted, started + " to end");
      }
    } finally {
      caller.closeScope(shield);
    }
  }
}
