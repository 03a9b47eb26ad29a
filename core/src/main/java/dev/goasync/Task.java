package dev.goasync;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.task.AwaitSite;
import dev.goasync.internal.task.ScopeTasks;
import dev.goasync.internal.task.StartSite;
import dev.goasync.internal.task.TaskCore;
import dev.goasync.internal.task.Waits;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a running coroutine and of its future result. {@link GoAsync#goAsync} and {@link
 * TaskScope#goAsync} start a task; {@link #await} waits for its result.
 *
 * <pre>{@code
 * Task<String> first = GoAsync.goAsync(() -> "coro");
 * Task<String> second = GoAsync.goAsync(() -> "utine");
 * System.out.println(first.await() + second.await());
 * }</pre>
 *
 * <p><b>Threads.</b> All methods may be called from any thread. {@code await} pauses a coroutine
 * and blocks any other thread.
 *
 * <p><b>Unobserved failures.</b> If a task fails and its failure is never thrown to a caller,
 * passed to a callback or returned by {@link #failure}, the library logs it to the logger {@code
 * dev.goasync}, with the place where the task was started. That happens when the task object is
 * garbage collected, at the latest when the program ends.
 *
 * @param <T> the type of the result
 */
@SuppressWarnings("exports") // the superclass is internal and has no public method
public final class Task<T extends @Nullable Object> extends TaskCore<T> {
  private Task(Loop loop, @Nullable String name, StartSite site, Body<? extends T, ?> body) {
    super(loop, name, site, body);
  }

  private Task(ScopeTasks scope, @Nullable String name, StartSite site, Body<? extends T, ?> body) {
    super(scope, name, site, body);
  }

  private Task(CompletableFuture<?> source) {
    super(source);
  }

  /** Starts a task on {@code loop}. */
  static <T extends @Nullable Object> Task<T> start(
      Loop loop, @Nullable String name, StartSite site, Body<? extends T, ?> body) {
    Task<T> task = new Task<>(loop, name, site, body);
    task.launch();
    return task;
  }

  /** Starts a task in {@code scope}. */
  static <T extends @Nullable Object> Task<T> start(
      ScopeTasks scope, @Nullable String name, StartSite site, Body<? extends T, ?> body) {
    Task<T> task = new Task<>(scope, name, site, body);
    task.launch();
    return task;
  }

  /**
   * Returns a task that ends as {@code stage} ends. Cancelling the task cancels the stage's future.
   *
   * <pre>{@code
   * CompletableFuture<String> future = CompletableFuture.supplyAsync(() -> "done");
   * String result = Task.from(future).await(); // pauses the coroutine, future.get() blocks it
   * }</pre>
   */
  public static <T extends @Nullable Object> Task<T> from(CompletionStage<T> stage) {
    Task<T> task = new Task<>(Objects.requireNonNull(stage, "stage").toCompletableFuture());
    task.follow(stage);
    return task;
  }

  // ---- waiting ----

  /**
   * Waits until the task has ended and returns its result.
   *
   * <p>If the task failed, its exception is thrown: an unchecked exception or error as it is, with
   * the caller's stack trace attached as a suppressed exception; a checked exception as the cause
   * of a {@link TaskFailedException}.
   *
   * <p>If the waiting coroutine is cancelled or the waiting thread interrupted, only the wait ends.
   * The task continues.
   *
   * @throws TaskFailedException if the task failed with a checked exception
   * @throws CancellationException if the task was cancelled, if the waiting coroutine is cancelled,
   *     or if the waiting thread is interrupted
   * @throws DeadlockException if the task can never end
   * @throws IllegalStateException if a task awaits itself or, inside {@link GoAsync#sync}, a task
   *     of its own loop
   */
  public T await() {
    return result(awaitEnd(Poller.FOREVER));
  }

  /**
   * Waits until the task has ended, at most {@code timeout}, and returns its result. After the
   * timeout the task continues.
   *
   * @throws DeadlineExceededException if the task did not end in time
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws TaskFailedException if the task failed with a checked exception
   * @throws CancellationException if the task was cancelled, if the waiting coroutine is cancelled,
   *     or if the waiting thread is interrupted
   * @throws DeadlockException if the task can never end
   */
  public T await(Duration timeout) {
    Object end = awaitEnd(Durations.toNanos(timeout, "timeout"));
    if (end == null) {
      throw new DeadlineExceededException(toString(), timeout);
    }
    return result(end);
  }

  private T result(@Nullable Object end) {
    Throwable failure = failureOf(end);
    if (failure == null) {
      return valueOf(end);
    }
    throw forCaller(failure, wasCancelled(end));
  }

  private RuntimeException forCaller(Throwable failure, boolean cancelled) {
    if (cancelled) {
      String reason = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
      var exception = new CancellationException(this + " was cancelled: " + reason);
      exception.initCause(failure);
      return exception;
    }
    if (failure instanceof RuntimeException || failure instanceof Error) {
      AwaitSite.attachTo(failure, toString());
    }
    return asUnchecked(failure, this + " failed");
  }

  /**
   * Returns {@code failure} if it is unchecked, else a {@link TaskFailedException} with it as the
   * cause.
   *
   * @throws Error {@code failure} itself, if it is one
   */
  static RuntimeException asUnchecked(Throwable failure, String what) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new TaskFailedException(what + ": " + failure, failure);
  }

  // ---- state ----

  /** Whether the task has ended: with a result, with a failure, or by a cancel. */
  public boolean isCompleted() {
    return end() != null;
  }

  /** Whether the task has ended because it was cancelled. */
  public boolean isCancelled() {
    return wasCancelled(end());
  }

  /** Whether the task has ended without a result. Does not mark a failure as observed. */
  boolean hasFailed() {
    return isFailure(end());
  }

  /**
   * The exception of a task that failed or was cancelled, as it was thrown; null if the task has a
   * result or still runs. This call marks the failure as observed, so that it is not logged.
   */
  public @Nullable Throwable failure() {
    return failureOf(end());
  }

  /** The task's name, or null if it was started without one. */
  public @Nullable String name() {
    return givenName();
  }

  /**
   * Requests that the task end early. The task's coroutine gets a {@link CancellationException} at
   * its current or next wait. A task that has not begun to run never runs. Returns at once; {@link
   * #await} returns when the task has ended.
   *
   * @return false if the task had ended already
   */
  public boolean cancel() {
    return requestCancel("Task.cancel was called");
  }

  /**
   * Requests that the task end early, as {@link #cancel()} does.
   *
   * @param reason the message of the {@link CancellationException}
   * @return false if the task had ended already
   */
  public boolean cancel(String reason) {
    return requestCancel(Objects.requireNonNull(reason, "reason"));
  }

  // ---- bridges ----

  /**
   * Calls {@code callback} once when the task has ended: as the last act of the task's coroutine,
   * or at once on the caller's thread if the task has ended already. An exception of the callback
   * is logged.
   */
  public void onCompletion(Consumer<? super Task<T>> callback) {
    Objects.requireNonNull(callback, "callback");
    addListener(_ -> {
      var _ = failure(); // the callback observes it
      callback.accept(this);
    });
  }

  /**
   * Returns a future that ends as the task ends. A failure completes the future with the exception
   * as the task threw it. Cancelling the future cancels the task.
   */
  public CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> future = new CompletableFuture<>();
    onCompletion(_ -> {
      Object end = end();
      Throwable failure = failureOf(end);
      if (failure == null) {
        future.complete(valueOf(end));
      } else if (wasCancelled(end)) {
        future.cancel(false);
      } else {
        future.completeExceptionally(failure);
      }
    });
    var _ =
        future.whenComplete((_, _) -> {
          if (future.isCancelled()) {
            cancel("its CompletableFuture was cancelled");
          }
        });
    return future;
  }

  /** See {@link GoAsync#awaitAll(Duration, Collection)}. */
  static <T extends @Nullable Object> List<T> awaitAll(
      Collection<? extends Task<? extends T>> tasks, long nanos, @Nullable Duration timeout) {
    List<Task<? extends T>> checked = Waits.checked(tasks);
    TaskCore<?> failed = Waits.awaitAll(checked, nanos, timeout);
    if (failed != null) {
      ((Task<?>) failed).await(); // throws
    }
    List<T> results = new ArrayList<>(checked.size());
    for (Task<? extends T> task : checked) {
      results.add(task.await());
    }
    return results;
  }
}
