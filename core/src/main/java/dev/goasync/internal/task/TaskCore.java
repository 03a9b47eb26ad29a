package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a task: its coroutine, its end and the listeners that are called at the end. The
 * public class {@code Task} adds what users call; it is the only subclass and has no field, so a
 * task is one object. Methods for users' eyes are {@code protected}, the rest is hidden in this
 * package.
 *
 * <p><b>States.</b> The field {@code state} holds everything that changes:
 *
 * <ul>
 *   <li>null: the task runs and has no listener;
 *   <li>a {@link TaskWait}: the task runs and one coroutine awaits it, the most frequent case,
 *       which needs no further object;
 *   <li>{@link Listeners}: the task runs and has any other listeners;
 *   <li>a {@link Failure}, or the result ({@link #NULL} for null): the task has ended, for good.
 * </ul>
 *
 * <p><b>Transitions.</b> While the task runs any thread may add or remove listeners, by
 * compare-and-set. The task's coroutine, or the thread that completes its stage, sets the end once,
 * by get-and-set, and then calls the listeners that it found, in the order in which they were
 * added.
 *
 * @param <T> the type of the result
 */
public class TaskCore<T extends @Nullable Object> {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(TaskCore.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands for a result that is null. */
  private static final Object NULL = new Object();

  /** The end of a task that has no result. */
  private record Failure(Throwable cause, boolean cancelled, UnobservedFailures.Watch watch) {}

  /** A list of listeners, the newest first. */
  private record Listeners(Consumer<? super TaskCore<?>> listener, @Nullable Listeners older) {
    Listeners reversed() {
      Listeners reversed = null;
      for (Listeners each = this; each != null; each = each.older) {
        reversed = new Listeners(each.listener, reversed);
      }
      return Objects.requireNonNull(reversed);
    }

    @Nullable Listeners without(Consumer<? super TaskCore<?>> removed) {
      Listeners kept = null;
      for (Listeners each = this; each != null; each = each.older) {
        if (each.listener != removed) {
          kept = new Listeners(each.listener, kept);
        }
      }
      return kept == null ? null : kept.reversed();
    }
  }

  private final @Nullable String name;
  private final @Nullable StartSite site;
  private final @Nullable TaskFiber<T> fiber;
  private final @Nullable CompletableFuture<?> source;
  private volatile @Nullable Object state;

  /** A task whose coroutine runs {@code body} on {@code loop}; see {@link #launch}. */
  protected TaskCore(Loop loop, @Nullable String name, StartSite site, Callable<? extends T> body) {
    this.name = name;
    this.site = site;
    this.source = null;
    this.fiber = new TaskFiber<>(this, loop, name, Contexts.wrap(body));
  }

  /** A task of {@code scope}; see {@link #launch}. */
  protected TaskCore(
      ScopeTasks scope, @Nullable String name, StartSite site, Callable<? extends T> body) {
    this.name = name;
    this.site = site;
    this.source = null;
    this.fiber = new ScopedFiber<>(this, scope, scope.loop(), name, Contexts.wrap(body));
  }

  /**
   * A task without a coroutine that ends as {@code source} does, once {@link #follow} is called.
   */
  protected TaskCore(CompletableFuture<?> source) {
    this.name = null;
    this.site = null;
    this.source = source;
    this.fiber = null;
  }

  /**
   * Starts the task's coroutine. Any thread; a scope's task on the loop of the scope.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  protected final void launch() {
    Objects.requireNonNull(fiber).launch();
  }

  /** Ends the task as {@code stage} ends. */
  protected final void follow(CompletionStage<? extends T> stage) {
    var _ =
        stage.whenComplete((value, failure) -> {
          if (failure == null) {
            succeed(value);
          } else {
            Throwable cause = unwrap(failure);
            fail(cause, cause instanceof CancellationException);
          }
        });
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  // ---- the end ----

  /**
   * The task's end, an opaque object for {@link #failureOf}, {@link #wasCancelled} and {@link
   * #valueOf}; null while the task runs.
   */
  protected final @Nullable Object end() {
    Object seen = state;
    return isEnd(seen) ? seen : null;
  }

  /**
   * Waits for the task's {@link #end}.
   *
   * @param nanos {@link dev.goasync.internal.loop.Poller#FOREVER} for no limit
   * @return the end, or null if the time was over first
   */
  protected final @Nullable Object awaitEnd(long nanos) {
    Object seen = state;
    if (isEnd(seen)) {
      return seen;
    }
    return Waits.untilEnded(this, nanos) ? state : null;
  }

  /**
   * The exception of a task that failed or was cancelled; null for a result. Marks a failure as
   * observed, so that it is not logged.
   */
  protected static @Nullable Throwable failureOf(@Nullable Object end) {
    if (end instanceof Failure failure) {
      failure.watch.observed();
      return failure.cause;
    }
    return null;
  }

  /** The exception as {@link #failureOf} returns it. Does not mark a failure as observed. */
  static @Nullable Throwable causeOf(@Nullable Object end) {
    return end instanceof Failure failure ? failure.cause : null;
  }

  /** Whether the task failed or was cancelled. Does not mark a failure as observed. */
  protected static boolean isFailure(@Nullable Object end) {
    return end instanceof Failure;
  }

  /** Whether the task ended because it was cancelled. */
  protected static boolean wasCancelled(@Nullable Object end) {
    return end instanceof Failure failure && failure.cancelled;
  }

  /** The result of a task that has one. */
  @SuppressWarnings({"unchecked", "NullAway"}) // an end that is not a failure is a T
  protected final T valueOf(@Nullable Object end) {
    return (T) (end == NULL ? null : end);
  }

  /**
   * Requests that the task end early.
   *
   * @return false if the task had ended
   */
  protected final boolean requestCancel(String reason) {
    if (isEnd(state)) {
      return false;
    }
    if (fiber != null) {
      fiber.cancel(reason);
    } else if (source != null) {
      source.cancel(true);
    }
    return true;
  }

  final void succeed(T value) {
    end(value == null ? NULL : value);
  }

  final void fail(Throwable cause, boolean cancelled) {
    UnobservedFailures.Watch watch =
        cancelled || state != null
            ? UnobservedFailures.NOT_WATCHED
            : UnobservedFailures.watch(this, cause, toString());
    if (site != null && site.trace() != null) {
      cause.addSuppressed(site.trace());
    }
    end(new Failure(cause, cancelled, watch));
  }

  private void end(Object end) {
    Object seen = STATE.getAndSet(this, end);
    if (seen instanceof TaskWait only) {
      only.accept(this);
    } else if (seen != null) {
      for (Listeners each = ((Listeners) seen).reversed(); each != null; each = each.older) {
        notify(each.listener);
      }
    }
  }

  private void notify(Consumer<? super TaskCore<?>> listener) {
    try {
      listener.accept(this);
    } catch (Throwable bug) {
      UnobservedFailures.report("a callback of " + this + " failed", bug);
    }
  }

  // ---- listeners ----

  /** Calls {@code listener} once when the task has ended, or now if it has. Any thread. */
  protected final void addListener(Consumer<? super TaskCore<?>> listener) {
    while (true) {
      Object seen = state;
      if (isEnd(seen)) {
        notify(listener);
        return;
      }
      Object more =
          seen == null && listener instanceof TaskWait
              ? listener
              : new Listeners(listener, listeners(seen));
      if (STATE.compareAndSet(this, seen, more)) {
        return;
      }
    }
  }

  /** Removes a listener that has not been called. Any thread. */
  final void removeListener(Consumer<? super TaskCore<?>> listener) {
    while (true) {
      Object seen = state;
      if (seen == null || isEnd(seen)) {
        return;
      }
      Listeners all = listeners(seen);
      if (STATE.compareAndSet(this, seen, all == null ? null : all.without(listener))) {
        return;
      }
    }
  }

  private static @Nullable Listeners listeners(@Nullable Object pending) {
    return pending instanceof TaskWait only ? new Listeners(only, null) : (Listeners) pending;
  }

  private static boolean isEnd(@Nullable Object seen) {
    return seen != null && !(seen instanceof TaskWait) && !(seen instanceof Listeners);
  }

  // ---- description ----

  /** The task's name, if it has one. */
  protected final @Nullable String givenName() {
    return name;
  }

  /** The place where the task was started; null for the task of a stage. */
  final @Nullable StartSite site() {
    return site;
  }

  /** The coroutine that runs the body; null for the task of a stage. */
  final @Nullable Fiber fiber() {
    return fiber;
  }

  @Override
  public String toString() {
    String called = name == null ? "task" : "task \"" + name + "\"";
    if (site != null) {
      return called + " started at " + site;
    }
    return source == null ? called : called + " of " + source.getClass().getSimpleName();
  }
}
