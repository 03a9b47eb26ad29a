package dev.goasync;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Owns tasks: whoever runs a scope leaves it only when all tasks that were started in it have
 * ended.
 *
 * <pre>{@code
 * String both = TaskScope.run(scope -> {
 *   Task<String> first = scope.goAsync(() -> fetch(one));
 *   Task<String> second = scope.goAsync(() -> fetch(other));
 *   return first.await() + second.await();
 * });
 * List<String> pages = TaskScope.all(List.of(() -> fetch(one), () -> fetch(other)));
 * String fastest = TaskScope.race(List.of(() -> fetch(mirror), () -> fetch(otherMirror)));
 * }</pre>
 *
 * <p>What a failure does depends on the {@link Policy}; by default it cancels the other tasks and
 * the body, and comes out of the scope. The first real error wins; later ones are attached to it as
 * suppressed, and cancellations that it caused are not heard of. If whoever runs the scope is
 * cancelled, so are its tasks; if the body throws, too.
 *
 * <p>Processes that are started in a scope, by its body or its tasks, are ended with it, when all
 * tasks have ended.
 *
 * <p><b>Context.</b> Tasks see the {@link ScopedValue}s that are bound where they are started, but
 * in portable mode, where the JDK keeps them from us; inheritable thread locals in both.
 *
 * <p><b>Threads.</b> A scope belongs to the coroutine that runs it; outside coroutines {@link #run}
 * starts one and waits for it. The scope may be handed to other coroutines of the same loop, which
 * may start tasks in it while it is open.
 */
public final class TaskScope {
  /** What the end of a task means for the others. */
  public enum Policy {
    /** All must succeed: the first failure cancels the others and the body. */
    ALL_SUCCEED,
    /** One must succeed: it cancels the others. If none does, the first failure comes out. */
    FIRST_SUCCESS,
    /** The first that ends, in whichever way, cancels the others. */
    FIRST_FINISHED,
    /** Each for itself: failures are kept in the tasks. */
    COLLECT_ALL
  }

  /** How scopes are to be run; immutable. */
  public static final class Options {
    private final Policy policy;
    private final int parallelism;
    private final boolean keepEnded;

    private Options(Policy policy, int parallelism, boolean keepEnded) {
      this.policy = policy;
      this.parallelism = parallelism;
      this.keepEnded = keepEnded;
    }

    /** What the end of a task means for the others. */
    public Options policy(Policy policy) {
      return new Options(Objects.requireNonNull(policy, "policy"), parallelism, keepEnded);
    }

    /**
     * How many tasks may run at once; further ones begin when others end, in order.
     *
     * @throws IllegalArgumentException if {@code max} is not positive
     */
    public Options maxConcurrency(int max) {
      if (max < 1) {
        throw new IllegalArgumentException("max must be positive: " + max);
      }
      return new Options(policy, max, keepEnded);
    }

    /**
     * Tasks that have ended are kept for {@link TaskScope#awaitNext}. Otherwise the scope forgets
     * them, so that one which is open for long, a server's say, does not grow.
     */
    public Options keepEnded() {
      return new Options(policy, parallelism, true);
    }

    /** Runs a scope so; see {@link TaskScope#run}. */
    public <T extends @Nullable Object, X extends Exception> T run(ScopedBody<T, X> body) throws X {
      Objects.requireNonNull(body, "body");
      return Coroutines.<T, X>in(fiber -> new TaskScope(fiber, this).runBody(body));
    }
  }

  private static final Options DEFAULT = new Options(Policy.ALL_SUCCEED, Integer.MAX_VALUE, false);

  private final Fiber owner;
  private final Options options;
  private final ScopeTasks tasks;
  private final CancelScope bodyScope;
  private @Nullable Task<?> winner;
  private @Nullable Throwable error;

  /** Whose error it is. */
  private @Nullable Task<?> failed;

  private boolean ended;

  private TaskScope(Fiber owner, Options options) {
    this.owner = owner;
    this.options = options;
    this.tasks = new ScopeTasks(owner, options.parallelism, options.keepEnded, this::taskEnded);
    this.bodyScope = owner.openScope(false);
    bodyScope.setResources(tasks.resources);
  }

  /**
   * Runs {@code body}, then waits until all tasks that were started in the scope have ended.
   *
   * @return what the body returns
   * @throws X what the body throws
   * @throws TaskFailedException if a task failed with a checked exception; unchecked ones come out
   *     as they are
   * @throws CancellationException if the caller is cancelled or, outside coroutines, interrupted
   */
  public static <T extends @Nullable Object, X extends Exception> T run(ScopedBody<T, X> body)
      throws X {
    return DEFAULT.run(body);
  }

  /**
   * Options other than the default: {@code TaskScope.with().maxConcurrency(8).run(scope -> ...)}.
   */
  public static Options with() {
    return DEFAULT;
  }

  /** Runs all bodies at once and returns their results in order; the first failure comes out. */
  public static <T extends @Nullable Object> List<T> all(
      Collection<? extends Body<? extends T, ?>> bodies) {
    Objects.requireNonNull(bodies, "bodies");
    return run(
        scope -> {
          List<Task<T>> started = new ArrayList<>();
          for (Body<? extends T, ?> body : bodies) {
            started.add(scope.goAsync(body));
          }
          return GoAsync.<T>awaitAll(started);
        });
  }

  /**
   * Runs all bodies at once and returns the first result, the others being cancelled; if all fail,
   * the first failure comes out with the others suppressed.
   *
   * @throws IllegalArgumentException if there is no body
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends Body<? extends T, ?>> bodies) {
    if (Objects.requireNonNull(bodies, "bodies").isEmpty()) {
      throw new IllegalArgumentException("bodies is empty: nobody could win");
    }
    return with()
        .policy(Policy.FIRST_SUCCESS)
        .run(
            scope -> {
              List<Task<T>> started = new ArrayList<>();
              for (Body<? extends T, ?> body : bodies) {
                started.add(scope.goAsync(body));
              }
              Task<?> first = scope.awaitWinner();
              for (Task<T> task : started) {
                if (task == first) {
                  return task.await();
                }
              }
              throw new AssertionError("the winner is one of the tasks");
            });
  }

  /**
   * Starts a task in this scope.
   *
   * @throws IllegalStateException if the scope has ended, or the caller runs on another loop
   */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    Objects.requireNonNull(body, "body");
    return start(null, StartSite.of(body), body);
  }

  /** Like {@link #goAsync(Body)}, for a body without result. */
  public Task<@Nullable Void> goAsync(Action<?> body) {
    Objects.requireNonNull(body, "body");
    return start(null, StartSite.of(body), GoAsync.asBody(body));
  }

  /** Like {@link #goAsync(Body)}, with a name for reports. */
  public <T extends @Nullable Object> Task<T> goAsync(String name, Body<? extends T, ?> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return start(name, StartSite.of(body), body);
  }

  private <T extends @Nullable Object> Task<T> start(
      @Nullable String name, StartSite place, Body<? extends T, ?> body) {
    checkUsable();
    ScopedFiber<T> fiber = new ScopedFiber<>(tasks, owner.loop(), name, place, body);
    fiber.inheritScopedValues();
    tasks.start(fiber);
    return fiber.task;
  }

  /**
   * Waits for the next task to end, whether here or before, and returns it; null when all that were
   * started have been returned. For results as they come:
   *
   * <pre>{@code
   * TaskScope.with().keepEnded().run(scope -> {
   *   sites.forEach(site -> scope.goAsync(() -> fetch(site)));
   *   for (Task<?> task = scope.awaitNext(); task != null; task = scope.awaitNext()) { ... }
   * });
   * }</pre>
   *
   * @throws IllegalStateException if the scope does not {@linkplain Options#keepEnded keep} them
   */
  public @Nullable Task<?> awaitNext() {
    checkUsable();
    return tasks.awaitNext();
  }

  /** Waits until all tasks that were started so far, or are meanwhile, have ended. */
  public void join() {
    checkUsable();
    tasks.awaitAll();
  }

  /**
   * Waits until the policy has its winner, and returns it.
   *
   * @throws IllegalStateException if the policy knows no winner
   * @throws RuntimeException if all tasks failed: the first failure, as {@link #run} throws it
   */
  public Task<?> awaitWinner() {
    checkUsable();
    if (options.policy != Policy.FIRST_SUCCESS && options.policy != Policy.FIRST_FINISHED) {
      throw new IllegalStateException("no task wins under the policy " + options.policy);
    }
    tasks.awaitUntil(() -> winner != null || tasks.areDone(), "the first task of a scope");
    Task<?> first = winner;
    if (first != null) {
      return first;
    }
    if (error == null) {
      throw new IllegalStateException("no task was started that could win");
    }
    throw scopeFailure(error, "every task of the scope failed; the first, ");
  }

  /** Cancels the tasks and the body, from their next waits on. */
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "reason");
    checkUsable();
    tasks.cancelAll(reason);
    bodyScope.cancel(reason);
  }

  private void checkUsable() {
    if (ended) {
      throw new IllegalStateException("the scope has ended; start the task before run() returns");
    }
    if (!owner.loop().isCurrent()) {
      throw new IllegalStateException(
          "the scope belongs to " + owner.loop().name() + " and can be used there only");
    }
  }

  // ---- the life of the scope ----

  private <T extends @Nullable Object, X extends Exception> T runBody(ScopedBody<T, X> body)
      throws X {
    T value = null;
    Throwable thrown = null;
    try {
      value = body.run(this);
    } catch (Throwable failure) {
      thrown = failure;
      tasks.cancelAll("the scope's body failed");
    }
    owner.closeScope(bodyScope); // what cancels the body from here on has nothing to cancel
    thrown = awaitTasks(thrown);
    endResources();
    ended = true;
    return finish(value, thrown);
  }

  /** Waits until no task is left; a cancel that comes meanwhile is passed on to them. */
  private @Nullable Throwable awaitTasks(@Nullable Throwable thrown) {
    Throwable first = thrown;
    while (!tasks.areDone()) {
      CancelScope shield = first == null ? null : owner.openScope(true);
      try {
        tasks.awaitAll();
      } catch (Cancellation cancelled) {
        first = cancelled;
        tasks.cancelAll(String.valueOf(cancelled.getMessage()));
      } finally {
        if (shield != null) {
          owner.closeScope(shield);
        }
      }
    }
    return first;
  }

  private void endResources() {
    if (!tasks.resources.isEmpty()) {
      CancelScope shield = owner.openScope(true);
      try {
        tasks.resources.endAll();
      } finally {
        owner.closeScope(shield);
      }
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the body throws X or unchecked; T may be null
  private <T extends @Nullable Object, X extends Exception> T finish(
      @Nullable T value, @Nullable Throwable thrown) throws X {
    Throwable failure = error;
    boolean causedByUs = thrown instanceof Cancellation c && c.isFrom(bodyScope);
    if (thrown != null && !causedByUs && !(failure != null && thrown instanceof Cancellation)) {
      if (failure != null && failure != thrown && !isOf(thrown, failure)) {
        thrown.addSuppressed(failure);
      }
      if (thrown instanceof Error fatal) {
        throw fatal;
      }
      throw (X) thrown;
    }
    boolean errorCounts =
        failure != null
            && (options.policy == Policy.ALL_SUCCEED
                || (options.policy == Policy.FIRST_SUCCESS && winner == null)
                || (options.policy == Policy.FIRST_FINISHED
                    && winner != null
                    && winner.hasFailed()));
    if (errorCounts) {
      throw scopeFailure(failure, "");
    }
    if (causedByUs) {
      throw (X) thrown;
    }
    return value;
  }

  /** The exception for the owner: it tells which task failed, where that was started, and both. */
  private RuntimeException scopeFailure(Throwable failure, String before) {
    String whose = before + failed;
    if (failure instanceof RuntimeException || failure instanceof Error) {
      AwaitSite.attachTo(failure, whose + " failed; the scope");
    }
    return Task.asUnchecked(failure, whose + " failed");
  }

  /** Whether the body just rethrew a task's failure. */
  private static boolean isOf(Throwable thrown, Throwable failure) {
    return thrown.getCause() == failure;
  }

  /** Owner's loop: the policy. */
  private void taskEnded(Task<?> task) {
    boolean failed = task.hasFailed() && !task.isCancelled();
    if (failed) {
      noteError(task, Objects.requireNonNull(task.failure()));
    }
    switch (options.policy) {
      case ALL_SUCCEED -> {
        if (failed) {
          tasks.cancelAll("another task of the scope failed");
          bodyScope.cancel("a task of the scope failed");
        }
      }
      case FIRST_SUCCESS -> {
        if (winner == null && !task.hasFailed()) {
          win(task);
        }
      }
      case FIRST_FINISHED -> {
        if (winner == null) {
          win(task);
        }
      }
      case COLLECT_ALL -> {}
    }
  }

  private void win(Task<?> task) {
    winner = task;
    tasks.cancelAll("another task of the scope came first");
  }

  private void noteError(Task<?> task, Throwable failure) {
    if (error == null) {
      error = failure;
      failed = task;
    } else if (error != failure) {
      error.addSuppressed(failure);
    }
  }
}
