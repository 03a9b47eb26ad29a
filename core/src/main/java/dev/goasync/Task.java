package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Poller;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that goes on by itself, and its result to come. {@link GoAsync#goAsync} starts
 * one.
 *
 * <pre>{@code
 * Task<String> page = goAsync(() -> fetch(url));
 * Task<String> other = goAsync(() -> fetch(otherUrl));
 * use(page.await(), other.await());
 * }</pre>
 *
 * <p>All methods may be called from any thread: from a coroutine they pause it, from any other
 * thread they block that thread. A task that failed and was never awaited, nor otherwise asked for
 * its failure, is reported to the logger {@code dev.goasync} with the place where it was started,
 * at the latest when the program ends.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Task.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands for a result that is null. */
  private static final Object NULL = new Object();

  /** How a task ended that has no result. */
  private record Failure(Throwable cause, boolean cancelled, UnobservedFailures.Watch watch) {}

  /** Those to tell when the task has ended: the last to come is the first. */
  private record Listeners(Consumer<? super Task<?>> listener, @Nullable Listeners others) {
    Listeners reversed() {
      Listeners turned = null;
      for (Listeners each = this; each != null; each = each.others) {
        turned = new Listeners(each.listener, turned);
      }
      return Objects.requireNonNull(turned);
    }

    @Nullable Listeners without(Consumer<? super Task<?>> removed) {
      Listeners kept = null;
      for (Listeners each = this; each != null; each = each.others) {
        if (each.listener != removed) {
          kept = new Listeners(each.listener, kept);
        }
      }
      return kept == null ? null : kept.reversed();
    }
  }

  private final @Nullable String name;
  private final @Nullable StartSite place;
  private final @Nullable Fiber fiber;
  private final @Nullable CompletableFuture<?> source;

  /**
   * Null while the task runs and nobody waits; a {@link TaskWait}, the most frequent case, or
   * {@link Listeners} while somebody does; then for good a {@link Failure} or the result.
   */
  private volatile @Nullable Object state;

  Task(@Nullable String name, StartSite place, Fiber fiber) {
    this.name = name;
    this.place = place;
    this.fiber = fiber;
    this.source = null;
  }

  private Task(CompletableFuture<?> source) {
    this.name = null;
    this.place = null;
    this.fiber = null;
    this.source = source;
  }

  /**
   * A task that ends as {@code stage} does; cancelling it cancels the stage's future.
   *
   * <pre>{@code
   * String body = Task.from(client.sendAsync(request, BodyHandlers.ofString())).await().body();
   * }</pre>
   */
  public static <T extends @Nullable Object> Task<T> from(CompletionStage<T> stage) {
    CompletableFuture<T> future = Objects.requireNonNull(stage, "stage").toCompletableFuture();
    Task<T> task = new Task<>(future);
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            task.succeed(value);
          } else {
            Throwable cause = unwrap(failure);
            task.fail(cause, cause instanceof CancellationException);
          }
        });
    return task;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  // ---- waiting ----

  /**
   * Waits for the end and returns the result.
   *
   * <p>What the task threw comes out: unchecked exceptions and errors as they are, with the
   * awaiter's stack trace attached as a suppressed one; checked ones as the cause of a {@link
   * TaskFailedException}. If the waiting coroutine is cancelled meanwhile, or the waiting thread
   * interrupted, the wait ends and the task goes on.
   *
   * @throws TaskFailedException if the task threw a checked exception
   * @throws CancellationException if the task, or the wait, was cancelled
   * @throws DeadlockException if the task can never end
   * @throws IllegalStateException if a task would wait for itself, or for its own loop inside
   *     {@link GoAsync#sync}
   */
  public T await() {
    Object seen = state;
    if (!isEnd(seen)) {
      Waits.untilEnded(this, Poller.FOREVER);
      seen = state;
    }
    return result(seen);
  }

  /**
   * Like {@link #await()}, for a limited time; the task goes on if the time is over.
   *
   * @throws DeadlineExceededException if the task did not end in time
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public T await(Duration timeout) {
    long nanos = Durations.toNanos(timeout, "timeout");
    Object seen = state;
    if (!isEnd(seen)) {
      if (!Waits.untilEnded(this, nanos)) {
        throw new DeadlineExceededException(toString(), timeout);
      }
      seen = state;
    }
    return result(seen);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // what is neither pending nor a failure is a T
  private T result(@Nullable Object end) {
    if (end instanceof Failure failure) {
      throw rethrow(failure);
    }
    return (T) (end == NULL ? null : end);
  }

  /** An exception that says what {@code cause} says and is unchecked: itself, if it may be. */
  static RuntimeException asUnchecked(Throwable cause, String what) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new TaskFailedException(what + ": " + cause, cause);
  }

  private RuntimeException rethrow(Failure failure) {
    failure.watch.observed();
    Throwable cause = failure.cause;
    if (failure.cancelled) {
      String why = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
      var cancelled = new CancellationException(this + " was cancelled: " + why);
      cancelled.initCause(cause);
      return cancelled;
    }
    if (cause instanceof RuntimeException || cause instanceof Error) {
      AwaitSite.attachTo(cause, toString());
      if (cause instanceof Error error) {
        throw error;
      }
      return (RuntimeException) cause;
    }
    return new TaskFailedException(this + " failed: " + cause, cause);
  }

  // ---- state ----

  /** Whether the task has ended: with a result, with a failure, or cancelled. */
  public boolean isCompleted() {
    return isEnd(state);
  }

  /** Whether the task has ended without a result; does not count as asking for the failure. */
  boolean hasFailed() {
    return state instanceof Failure;
  }

  /** Whether the task was cancelled, and has ended so. */
  public boolean isCancelled() {
    return state instanceof Failure failure && failure.cancelled;
  }

  /**
   * What the task threw if it has failed or was cancelled, else null, also while it runs. Who asks
   * has been told: the failure is not reported.
   */
  public @Nullable Throwable failure() {
    if (state instanceof Failure failure) {
      failure.watch.observed();
      return failure.cause;
    }
    return null;
  }

  /** The task's name, if it was given one. */
  public @Nullable String name() {
    return name;
  }

  /**
   * Asks the task to end early, at its next or present wait, by a {@link CancellationException}; a
   * task that has not begun never does. Returns at once; {@link #await} tells when it has ended.
   *
   * @return false if the task had ended already
   */
  public boolean cancel() {
    return cancel("Task.cancel was called");
  }

  /**
   * Like {@link #cancel()}, with a reason, the message of the exception.
   *
   * @return false if the task had ended already
   */
  public boolean cancel(String reason) {
    Objects.requireNonNull(reason, "reason");
    if (isCompleted()) {
      return false;
    }
    if (fiber != null) {
      fiber.cancel(reason);
    } else if (source != null) {
      source.cancel(true);
    }
    return true;
  }

  // ---- bridges ----

  /**
   * Calls {@code callback} once when the task has ended: on the task's coroutine as its last act,
   * or at once on the caller's thread if it has ended already. What the callback throws is logged.
   */
  public void onCompletion(Consumer<? super Task<T>> callback) {
    Objects.requireNonNull(callback, "callback");
    addListener(
        ended -> {
          if (state instanceof Failure failure) {
            failure.watch.observed();
          }
          callback.accept(this);
        });
  }

  /**
   * A future that ends as the task does, with what it threw as it was thrown; cancelling the future
   * cancels the task.
   */
  public CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> future = new CompletableFuture<>();
    onCompletion(
        ended -> {
          Object end = state;
          if (!(end instanceof Failure failure)) {
            future.complete(result(end));
          } else if (failure.cancelled) {
            future.cancel(false);
          } else {
            future.completeExceptionally(failure.cause);
          }
        });
    var _ =
        future.whenComplete(
            (value, failure) -> {
              if (future.isCancelled()) {
                cancel("its CompletableFuture was cancelled");
              }
            });
    return future;
  }

  // ---- the other side ----

  void succeed(T value) {
    end(value == null ? NULL : value);
  }

  void fail(Throwable cause, boolean cancelled) {
    UnobservedFailures.Watch watch =
        cancelled || state != null
            ? UnobservedFailures.NOT_WATCHED
            : UnobservedFailures.watch(this, cause, toString(), place);
    if (place != null && place.trace() != null) {
      cause.addSuppressed(place.trace());
    }
    end(new Failure(cause, cancelled, watch));
  }

  private void end(Object end) {
    Object seen = STATE.getAndSet(this, end);
    if (seen instanceof TaskWait only) {
      only.accept(this);
    } else if (seen != null) {
      for (Listeners each = ((Listeners) seen).reversed(); each != null; each = each.others) {
        tell(each.listener);
      }
    }
  }

  private void tell(Consumer<? super Task<?>> listener) {
    try {
      listener.accept(this);
    } catch (Throwable bug) {
      UnobservedFailures.report("a callback of " + this + " failed", bug);
    }
  }

  /** Has {@code listener} called when the task ends, or now. Any thread. */
  void addListener(Consumer<? super Task<?>> listener) {
    while (true) {
      Object seen = state;
      if (isEnd(seen)) {
        tell(listener);
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

  /** Takes back a listener, if it is still there. Any thread. */
  void removeListener(Consumer<? super Task<?>> listener) {
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

  /** The coroutine that does the work; null for the task of a stage. */
  @Nullable Fiber fiber() {
    return fiber;
  }

  @Override
  public String toString() {
    String called = name == null ? "task" : "task \"" + name + "\"";
    if (place != null) {
      return called + " started at " + place;
    }
    return source == null ? called : called + " of " + source.getClass().getSimpleName();
  }
}
