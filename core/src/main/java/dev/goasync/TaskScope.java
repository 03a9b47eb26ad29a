package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.task.AwaitSite;
import dev.goasync.internal.task.Coroutines;
import dev.goasync.internal.task.ScopeFailures;
import dev.goasync.internal.task.ScopeTasks;
import dev.goasync.internal.task.StartSite;
import dev.goasync.internal.task.TaskCore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Owns a group of tasks: {@code run} returns only after all tasks started in the scope have ended.
 * This is structured concurrency, as {@code StructuredTaskScope} in the JDK and nurseries in Trio.
 *
 * <pre>{@code
 * int sum = TaskScope.run(scope -> {
 *   Task<Integer> first = scope.goAsync(() -> 20);
 *   Task<Integer> second = scope.goAsync(() -> 22);
 *   return first.await() + second.await();
 * });
 * List<Integer> all = TaskScope.all(List.of(() -> 1, () -> 2));
 * int fastest = TaskScope.race(List.of(() -> 1, () -> 2));
 * }</pre>
 *
 * <p><b>Failures.</b> The {@link Policy} says what the end of a task does. By default the first
 * failure cancels the other tasks and the body, and {@code run} throws it; failures that follow are
 * attached to it as suppressed exceptions, and cancellations that it caused are dropped. An
 * exception of the body cancels the tasks, and {@code run} throws it. A body need not handle {@link
 * CancellationException}: letting it pass is right.
 *
 * <p><b>Order of ending.</b> First the body ends, then all tasks, then the resources of the scope
 * are closed: processes that the body or a task started. Then {@code run} returns.
 *
 * <p><b>Nesting.</b> Scopes nest: a task or a body may run another scope. A cancel of the coroutine
 * that runs a scope cancels the scope's tasks.
 *
 * <p><b>Context.</b> Tasks inherit inheritable thread locals. In full mode they also see the {@link
 * ScopedValue}s that are bound where they are started.
 *
 * <p><b>Threads.</b> The owner of a scope is the coroutine that runs it; outside coroutines {@link
 * #run} starts one and the thread waits for it. The scope may be passed to other coroutines of the
 * same loop, which may start tasks in it until it ends.
 *
 * <p><b>Beside {@code StructuredTaskScope}.</b> The tasks of a scope run on one loop, so they share
 * state without locks, and may be awaited one by one. The end of the body joins them.
 */
public final class TaskScope {
  /** What the end of a task does to the other tasks, and which failure {@code run} throws. */
  public enum Policy {
    /**
     * All tasks must succeed. The first failure cancels the others and the body, and comes out. For
     * work that needs all of its parts; the default.
     */
    ALL_SUCCEED(true, false, false),
    /**
     * One task must succeed. The first success cancels the others. If all tasks fail, the first
     * failure comes out. For equal sources of one result.
     */
    FIRST_SUCCESS(false, true, false),
    /**
     * The first task that ends, with a result or a failure, cancels the others. If it failed, its
     * failure comes out. For a task that races a time limit or a stop signal.
     */
    FIRST_FINISHED(false, true, true),
    /** No task affects another. No failure comes out; each stays in its task. */
    COLLECT_ALL(false, false, false);

    private final boolean failureCancels;
    private final boolean successWins;
    private final boolean failureWins;

    Policy(boolean failureCancels, boolean successWins, boolean failureWins) {
      this.failureCancels = failureCancels;
      this.successWins = successWins;
      this.failureWins = failureWins;
    }

    private boolean hasWinner() {
      return successWins || failureWins;
    }

    private boolean isWinner(Task<?> ended) {
      return ended.hasFailed() ? failureWins : successWins;
    }

    /** Whether the scope throws the first failure of its tasks. */
    private boolean throwsFailure(@Nullable Task<?> winner) {
      return failureCancels || (hasWinner() && (winner == null || winner.hasFailed()));
    }
  }

  /**
   * Closes a result of {@link #race(Collection, Releaser)} that is not returned.
   *
   * @param <T> the type of the results
   */
  @FunctionalInterface
  public interface Releaser<T extends @Nullable Object> {
    /**
     * Closes {@code result}.
     *
     * @throws Exception if that fails; {@code race} throws it or suppresses it
     */
    void release(T result) throws Exception;
  }

  /** Options of a scope. Immutable: each method returns a copy with one option changed. */
  public static final class Options {
    private final Policy policy;
    private final int maxConcurrency;
    private final boolean keepEnded;

    private Options(Policy policy, int maxConcurrency, boolean keepEnded) {
      this.policy = policy;
      this.maxConcurrency = maxConcurrency;
      this.keepEnded = keepEnded;
    }

    /** Sets what the end of a task does to the other tasks. */
    public Options policy(Policy policy) {
      return new Options(Objects.requireNonNull(policy, "policy"), maxConcurrency, keepEnded);
    }

    /**
     * Sets how many tasks may run at once. Further tasks begin when others end, in the order in
     * which they were started.
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
     * Keeps ended tasks for {@link TaskScope#awaitNext}. Without this option the scope drops them,
     * so that a scope which stays open for long, such as a server's, does not grow.
     */
    public Options keepEnded() {
      return new Options(policy, maxConcurrency, true);
    }

    /**
     * Runs a scope with these options; see {@link TaskScope#run}.
     *
     * @throws X what the body throws
     */
    public <T extends @Nullable Object, X extends Exception> T run(ScopedBody<T, X> body) throws X {
      Objects.requireNonNull(body, "body");
      return Coroutines.<T, X>in(fiber -> new TaskScope(fiber, this).runBody(body));
    }
  }

  private static final Options DEFAULT = new Options(Policy.ALL_SUCCEED, Integer.MAX_VALUE, false);

  private final Fiber owner;
  private final Options options;
  private final ScopeFailures failures = new ScopeFailures();

  /** The tasks whose ends the scope does not count, since they have not reported to be ready. */
  final Set<Task<?>> starting = new HashSet<>(0);

  final ScopeTasks tasks;
  private @Nullable Task<?> winner;
  private boolean ended;

  private TaskScope(Fiber owner, Options options) {
    this.owner = owner;
    this.options = options;
    this.tasks = new ScopeTasks(owner, options.maxConcurrency, options.keepEnded, this::taskEnded);
  }

  /**
   * Runs {@code body}, then waits until all tasks that were started in the scope have ended.
   *
   * @return what the body returns
   * @throws X what the body throws
   * @throws TaskFailedException if a task failed with a checked exception; unchecked exceptions
   *     come out as they are
   * @throws CancellationException if the caller is cancelled or, outside coroutines, interrupted;
   *     the tasks are cancelled and have ended then
   */
  public static <T extends @Nullable Object, X extends Exception> T run(ScopedBody<T, X> body)
      throws X {
    return DEFAULT.run(body);
  }

  /**
   * The default options, to be changed.
   *
   * <pre>{@code
   * List<String> names = List.of("one", "two");
   * TaskScope.with().maxConcurrency(8).run(scope -> {
   *   names.forEach(name -> scope.goAsync(() -> System.out.println(name)));
   *   return null;
   * });
   * }</pre>
   */
  public static Options with() {
    return DEFAULT;
  }

  /**
   * Runs all bodies concurrently and returns their results in the order of {@code bodies}. The
   * first failure cancels the others and comes out.
   *
   * @throws TaskFailedException if a body failed with a checked exception; unchecked exceptions
   *     come out as they are
   * @throws CancellationException if the caller is cancelled or, outside coroutines, interrupted
   */
  public static <T extends @Nullable Object> List<T> all(
      Collection<? extends Body<? extends T, ?>> bodies) {
    Objects.requireNonNull(bodies, "bodies");
    return run(scope -> {
      List<Task<T>> started = new ArrayList<>();
      for (Body<? extends T, ?> body : bodies) {
        started.add(scope.goAsync(body));
      }
      return GoAsync.<T>awaitAll(started);
    });
  }

  /**
   * Runs all bodies concurrently, returns the first result and cancels the others. If all fail, the
   * first failure comes out with the others suppressed.
   *
   * <p>A body may return a result although another one was first. That result is dropped; if it is
   * a resource, such as an open socket, use {@link #race(Collection, Releaser)}.
   *
   * @throws IllegalArgumentException if {@code bodies} is empty
   * @throws TaskFailedException if all bodies failed, the first of them with a checked exception
   * @throws CancellationException if the caller is cancelled or, outside coroutines, interrupted
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends Body<? extends T, ?>> bodies) {
    return race(bodies, _ -> {});
  }

  /**
   * Runs all bodies concurrently, returns the first result, cancels the others, and passes each
   * result that is not returned to {@code releaser}, which closes it.
   *
   * <pre>{@code
   * List<String> hosts = List.of("one.example", "two.example");
   * List<Body<AsyncSocket, IOException>> attempts = new ArrayList<>();
   * hosts.forEach(host -> attempts.add(() -> AsyncSocket.connect(host, 80)));
   * AsyncSocket fastest = TaskScope.race(attempts, AsyncSocket::close);
   * }</pre>
   *
   * @param releaser called after all bodies have ended, once for each result that is not returned,
   *     protected from cancels; if the caller is cancelled, that is every result
   * @throws IllegalArgumentException if {@code bodies} is empty
   * @throws TaskFailedException if all bodies failed, the first of them with a checked exception,
   *     or if {@code releaser} threw a checked exception; later ones are suppressed
   * @throws CancellationException if the caller is cancelled or, outside coroutines, interrupted
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends Body<? extends T, ?>> bodies, Releaser<? super T> releaser) {
    Objects.requireNonNull(bodies, "bodies");
    return new Race<T>(Objects.requireNonNull(releaser, "releaser")).run(bodies);
  }

  /**
   * Starts a task in this scope, and returns without waiting for it.
   *
   * @throws IllegalStateException if the scope has ended, or the caller runs on another loop
   */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    Objects.requireNonNull(body, "body");
    return start(null, StartSite.of(body), body);
  }

  /**
   * Starts a task without a result in this scope.
   *
   * @throws IllegalStateException if the scope has ended, or the caller runs on another loop
   */
  public Task<@Nullable Void> goAsync(Action<?> body) {
    Objects.requireNonNull(body, "body");
    return start(null, StartSite.of(body), GoAsync.asBody(body));
  }

  /**
   * Starts a task in this scope with a name, which reports and thread dumps show.
   *
   * @throws IllegalStateException if the scope has ended, or the caller runs on another loop
   */
  public <T extends @Nullable Object> Task<T> goAsync(String name, Body<? extends T, ?> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return start(name, StartSite.of(body), body);
  }

  <T extends @Nullable Object> Task<T> start(
      @Nullable String name, StartSite site, Body<? extends T, ?> body) {
    checkUsable();
    return Task.start(tasks, name, site, body);
  }

  /**
   * Starts a task in this scope and waits until it reports that it is ready, with a value; the task
   * then continues beside the caller. See {@link StartSignal} for an example and for failures.
   *
   * @throws TaskFailedException if the task failed with a checked exception before it was ready;
   *     unchecked exceptions come out as they are
   * @throws CancellationException if the caller, or the task before it was ready, is cancelled
   * @throws IllegalStateException if the task ends without having reported, if the scope has ended,
   *     or if the caller is not a coroutine of the scope's loop
   */
  public <V extends @Nullable Object> StartedTask<V> awaitStart(StartSignal.Work<V> work) {
    return StartSignal.await(this, null, Objects.requireNonNull(work, "work"));
  }

  /**
   * Starts a task in this scope with a name, which reports and thread dumps show, and waits until
   * it is ready; see {@link #awaitStart(StartSignal.Work)}.
   */
  public <V extends @Nullable Object> StartedTask<V> awaitStart(
      String name, StartSignal.Work<V> work) {
    Objects.requireNonNull(name, "name");
    return StartSignal.await(this, name, Objects.requireNonNull(work, "work"));
  }

  /**
   * Returns the next task that has ended, in the order of ending; waits if there is none. Returns
   * null when all tasks of the scope have been returned.
   *
   * @throws IllegalStateException if the scope does not {@linkplain Options#keepEnded keep} ended
   *     tasks, or has ended itself, or the caller runs on another loop
   * @throws CancellationException if the caller is cancelled
   */
  public @Nullable Task<?> awaitNext() {
    checkUsable();
    return (Task<?>) tasks.awaitNext();
  }

  /**
   * Waits until all tasks of the scope have ended, also those that are started meanwhile.
   *
   * @throws CancellationException if the caller is cancelled
   */
  public void join() {
    checkUsable();
    tasks.awaitAll();
  }

  /**
   * Waits until the policy has a winner, and returns that task.
   *
   * @throws IllegalStateException if the policy has no winner, or no task was started
   * @throws RuntimeException if all tasks failed: the first failure, as {@link #run} throws it
   * @throws CancellationException if the caller is cancelled
   */
  public Task<?> awaitWinner() {
    checkUsable();
    if (!options.policy.hasWinner()) {
      throw new IllegalStateException(
          "policy "
              + options.policy
              + " has no winner; run the scope with FIRST_SUCCESS or FIRST_FINISHED");
    }
    tasks.awaitUntil(() -> winner != null || tasks.areDone(), "the first task of a scope");
    Task<?> first = winner;
    if (first != null) {
      return first;
    }
    Throwable failure = failures.first();
    if (failure == null) {
      throw new IllegalStateException(
          "no task of the scope could win; start tasks before awaitWinner()");
    }
    throw scopeFailure(failure, "every task of the scope failed; the first, ");
  }

  /**
   * Cancels the tasks and the body at their current or next waits.
   *
   * @param reason the message of the {@link CancellationException}
   * @throws IllegalStateException if the scope has ended, or the caller runs on another loop
   */
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "reason");
    checkUsable();
    tasks.cancelAll(reason);
    tasks.bodyScope().cancel(reason);
  }

  void checkUsable() {
    if (ended) {
      throw new IllegalStateException("the scope has ended; use it before run() returns");
    }
    if (!owner.loop().isCurrent()) {
      throw new IllegalStateException(
          "the scope can be used on its own loop " + owner.loop().name() + " only");
    }
  }

  // ---- the end of a scope ----
  //
  // The owner's coroutine goes through these states, in order:
  //
  //   body running    tasks start; a failure that the policy counts cancels the tasks and the body
  //   awaiting tasks  the body has ended. bodyScope is closed, so nothing can cancel the body any
  //                   more. Running tasks may start further ones. If the body threw, the tasks are
  //                   cancelled and the owner waits behind a shield. Otherwise a cancel of
  //                   the owner ends its wait once; it is passed to the tasks, and the owner
  //                   waits on behind a shield.
  //   closing         no task is left; the resources of the scope are closed, behind a shield
  //   ended           every method throws; run() returns or throws, as outcome() says
  //
  // taskEnded() runs on the coroutine of the ending task, on the owner's loop, so there is no race.

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
    owner.closeScope(tasks.bodyScope());
    thrown = tasks.awaitEnd(thrown);
    tasks.closeResources();
    ended = true;
    return this.<T, X>outcome(value, thrown);
  }

  /**
   * What comes out of the scope:
   *
   * <pre>
   * the body                        a counted failure   no counted failure
   * returned a value                the failure         the value
   * threw because of the failure    the failure         (impossible)
   * was cancelled                   the failure         the cancellation
   * threw an exception of its own   the exception       the exception
   * </pre>
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // the body throws X or unchecked; T may be null
  private <T extends @Nullable Object, X extends Exception> T outcome(
      @Nullable T value, @Nullable Throwable thrown) throws X {
    Throwable failure = options.policy.throwsFailure(winner) ? failures.first() : null;
    if (failure != null && (thrown == null || failures.caused(thrown))) {
      throw scopeFailure(failure, "");
    }
    if (thrown == null) {
      return value;
    }
    failures.attachTo(thrown);
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (X) thrown;
  }

  /** The exception for the owner. It names the task that failed and the place of its start. */
  private RuntimeException scopeFailure(Throwable failure, String prefix) {
    String description = prefix + failures.firstFailed();
    if (failure instanceof RuntimeException || failure instanceof Error) {
      AwaitSite.attachTo(failure, description + " failed; the scope");
    }
    return Task.asUnchecked(failure, description + " failed");
  }

  /** Returns whether {@link #awaitNext} returns the task. */
  private boolean taskEnded(TaskCore<?> core) {
    Task<?> task = (Task<?>) core;
    if (!starting.isEmpty() && starting.remove(task)) { // a look-up computes an identity hash
      return false; // its end is reported by awaitStart
    }
    Policy policy = options.policy;
    if (task.hasFailed() && !task.isCancelled()) {
      failures.add(task);
      if (policy.failureCancels) {
        tasks.cancelAll("another task of the scope failed");
        tasks.bodyScope().cancel("a task of the scope failed");
      }
    }
    if (winner == null && policy.isWinner(task)) {
      winner = task;
      tasks.cancelAll("another task of the scope came first");
    }
    return true;
  }
}
