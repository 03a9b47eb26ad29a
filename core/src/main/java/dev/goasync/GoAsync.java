package dev.goasync;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The library's one word, {@link #goAsync}, and what goes with it.
 *
 * <pre>{@code
 * void readAndPrint(AsyncFile file) throws IOException {
 *   System.out.println(file.readAll());   // in a coroutine: pauses it; elsewhere: blocks the thread
 * }
 *
 * readAndPrint(file);                     // synchronous
 * goAsync(() -> readAndPrint(file));      // asynchronous, the same code
 * Task<String> text = goAsync(() -> file.readAll());
 * System.out.println(text.await());
 * }</pre>
 *
 * <p>A coroutine started outside coroutines runs on the default loop, whose thread starts with the
 * first one and lives while there are coroutines or the program has other work; one started inside
 * a coroutine runs on the same loop. All coroutines of a loop run one at a time: what only they
 * touch needs no lock, and nothing changes between two waits.
 *
 * <p>All methods may be called from any thread unless they say otherwise.
 */
public final class GoAsync {
  private GoAsync() {}

  // ---- starting ----

  /**
   * Starts a coroutine that runs {@code body}, and returns without waiting for it.
   *
   * <p>What the body throws comes out of {@link Task#await()}.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the current loop is closed
   */
  public static <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return EventLoop.currentOrDefault().goAsync(body);
  }

  /** Like {@link #goAsync(Body)}, for a body without result. */
  public static Task<@Nullable Void> goAsync(Action<?> body) {
    return EventLoop.currentOrDefault().goAsync(body);
  }

  /** Like {@link #goAsync(Body)}, with a name for reports and thread dumps. */
  public static <T extends @Nullable Object> Task<T> goAsync(
      String name, Body<? extends T, ?> body) {
    return EventLoop.currentOrDefault().goAsync(name, body);
  }

  /** Like {@link #goAsync(Action)}, with a name for reports and thread dumps. */
  public static Task<@Nullable Void> goAsync(String name, Action<?> body) {
    return EventLoop.currentOrDefault().goAsync(name, body);
  }

  /**
   * Runs {@code body} so that every operation in it blocks the thread, also inside a coroutine,
   * whose loop then stands still until the body ends.
   *
   * <pre>{@code
   * String text = sync(() -> file.readAll());
   * }</pre>
   *
   * <p>Inside a coroutine the body cannot wait for tasks of the same loop ({@link
   * IllegalStateException}) and is not cancelled.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T sync(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.currentEvenInSync();
    if (fiber == null) {
      return body.run();
    }
    fiber.beginSync();
    try {
      return body.run();
    } finally {
      fiber.endSync();
    }
  }

  /** Like {@link #sync(Body)}, for a body without result. */
  public static <X extends Exception> void sync(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>sync(asBody(body));
  }

  /**
   * Runs a call that would block the loop, or keep it busy for long, on a thread of a pool, while
   * the coroutine pauses; outside coroutines simply runs it.
   *
   * <pre>{@code
   * InetAddress address = offload(() -> InetAddress.getByName(host));
   * }</pre>
   *
   * <p>Cancelling the coroutine interrupts the pool's thread and waits until the body has ended; if
   * it ends with a result all the same, that is returned. The pool has as many threads as needed,
   * up to {@code -Dgoasync.offloadThreads} (64), which end when idle.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T offload(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.current();
    return fiber == null ? body.run() : Offload.run(fiber, body);
  }

  /** Like {@link #offload(Body)}, for a body without result. */
  public static <X extends Exception> void offload(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>offload(asBody(body));
  }

  static <X extends Exception> Body<@Nullable Void, X> asBody(Action<X> action) {
    return () -> {
      action.run();
      return null;
    };
  }

  // ---- time ----

  /**
   * Waits for a time, at least. In a coroutine by its loop's clock, which a test can make virtual.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted,
   *     meanwhile
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public static void sleep(Duration duration) {
    long nanos = Durations.toNanos(duration, "duration");
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.sleep(nanos);
      return;
    }
    try {
      Thread.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread was interrupted while it slept");
    }
  }

  /**
   * Lets the other coroutines that are ready run first. Write {@code GoAsync.yield()}: the bare
   * word is Java's own.
   *
   * @throws CancellationException if the coroutine is cancelled
   */
  @SuppressWarnings("NamedLikeContextualKeyword") // the field's word for it
  public static void yield() {
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.yieldNow();
    } else {
      Thread.yield();
    }
  }

  // ---- limits and shields ----

  /**
   * Runs {@code body}, which is cancelled if it has not ended in time. Limits nest, and the
   * tightest wins. Outside coroutines the body runs in a new one, for which the thread waits.
   *
   * <pre>{@code
   * String line = withTimeout(Duration.ofSeconds(5), () -> socket.readLine());
   * }</pre>
   *
   * @throws X what the body throws
   * @throws DeadlineExceededException if the time was over: names the place of the work and the
   *     time
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public static <T extends @Nullable Object, X extends Exception> T withTimeout(
      Duration limit, Body<T, X> body) throws X {
    long nanos = Durations.toNanos(limit, "limit");
    StartSite place = StartSite.of(Objects.requireNonNull(body, "body"));
    return Coroutines.<T, X>in(fiber -> TimeLimits.withTimeout(fiber, limit, nanos, place, body));
  }

  /** Like {@link #withTimeout(Duration, Body)}, for a body without result. */
  public static <X extends Exception> void withTimeout(Duration limit, Action<X> body) throws X {
    long nanos = Durations.toNanos(limit, "limit");
    StartSite place = StartSite.of(Objects.requireNonNull(body, "body"));
    Coroutines.<@Nullable Void, X>in(
        fiber -> TimeLimits.withTimeout(fiber, limit, nanos, place, asBody(body)));
  }

  /**
   * Like {@link #withTimeout(Duration, Body)}, until a time of the wall clock, or the loop's
   * virtual one; what has passed already is cancelled at its first wait.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T withDeadline(
      Instant deadline, Body<T, X> body) throws X {
    Objects.requireNonNull(deadline, "deadline");
    StartSite place = StartSite.of(Objects.requireNonNull(body, "body"));
    return Coroutines.<T, X>in(
        fiber -> {
          Duration left = Duration.between(fiber.loop().time().instant(), deadline);
          Duration limit = left.isNegative() ? Duration.ZERO : left;
          long nanos = Durations.toNanos(limit, "deadline");
          return TimeLimits.withTimeout(fiber, limit, nanos, place, body);
        });
  }

  /**
   * Runs {@code body} so that no cancel from outside reaches it, for clean-up that must be done.
   * The cancel takes effect at the first wait after it. Outside coroutines just runs the body.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T shielded(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.current();
    return fiber == null ? body.run() : TimeLimits.shielded(fiber, Poller.FOREVER, body);
  }

  /** Like {@link #shielded(Body)}, for a body without result. */
  public static <X extends Exception> void shielded(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>shielded(asBody(body));
  }

  /**
   * Like {@link #shielded(Body)}, but only for a time once a cancel has come: a soft cancel, then a
   * hard one.
   *
   * @param grace how long the shield holds after the cancel
   * @throws X what the body throws
   * @throws IllegalArgumentException if {@code grace} is negative
   */
  public static <T extends @Nullable Object, X extends Exception> T shielded(
      Duration grace, Body<T, X> body) throws X {
    long nanos = Durations.toNanos(grace, "grace");
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.current();
    return fiber == null ? body.run() : TimeLimits.shielded(fiber, nanos, body);
  }

  /** Like {@link #shielded(Duration, Body)}, for a body without result. */
  public static <X extends Exception> void shielded(Duration grace, Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>shielded(grace, asBody(body));
  }

  /**
   * Throws if the coroutine has been cancelled, or its time is over; for long computations, which
   * have no wait at which they would notice.
   *
   * @throws CancellationException if cancelled or, outside coroutines, if the thread is interrupted
   */
  public static void checkCancelled() {
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelledWhileBusy();
    } else if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the thread was interrupted");
    }
  }

  // ---- waiting for several ----

  /**
   * Waits for all tasks and returns their results in the order of the arguments. If one fails,
   * throws as its {@link Task#await()} would, without waiting for the rest, which go on.
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> List<T> awaitAll(Task<? extends T>... tasks) {
    return awaitAll(Arrays.asList(Objects.requireNonNull(tasks, "tasks")));
  }

  /** Like {@link #awaitAll(Task...)}. */
  public static <T extends @Nullable Object> List<T> awaitAll(
      Collection<? extends Task<? extends T>> tasks) {
    return collect(checked(tasks), Poller.FOREVER, null);
  }

  /**
   * Like {@link #awaitAll(Task...)}, for a limited time; tasks that have not ended go on.
   *
   * @throws DeadlineExceededException if they did not all end in time
   */
  public static <T extends @Nullable Object> List<T> awaitAll(
      Duration timeout, Collection<? extends Task<? extends T>> tasks) {
    long nanos = Durations.toNanos(timeout, "timeout");
    return collect(checked(tasks), nanos, timeout);
  }

  private static <T extends @Nullable Object> List<T> collect(
      List<Task<? extends T>> tasks, long nanos, @Nullable Duration timeout) {
    if (!tasks.isEmpty() && !Waits.untilEnded(tasks, tasks.size(), true, nanos)) {
      throw exceeded(tasks, timeout);
    }
    for (Task<?> task : tasks) {
      if (task.hasFailed()) {
        task.await();
      }
    }
    List<T> results = new ArrayList<>(tasks.size());
    for (Task<? extends T> task : tasks) {
      results.add(task.await());
    }
    return results;
  }

  /**
   * Waits until one of the tasks has ended, in whichever way, and returns it; the first of several
   * that have. The others go on.
   *
   * <pre>{@code
   * Task<String> winner = awaitAny(fromCache, fromNetwork);
   * use(winner.await());
   * }</pre>
   *
   * @throws IllegalArgumentException if there is no task
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> Task<T> awaitAny(Task<T>... tasks) {
    return awaitAny(Arrays.asList(Objects.requireNonNull(tasks, "tasks")));
  }

  /** Like {@link #awaitAny(Task...)}. */
  public static <T extends @Nullable Object> Task<T> awaitAny(Collection<Task<T>> tasks) {
    return first(checked(tasks), Poller.FOREVER, null);
  }

  /**
   * Like {@link #awaitAny(Task...)}, for a limited time.
   *
   * @throws DeadlineExceededException if none ended in time
   */
  public static <T extends @Nullable Object> Task<T> awaitAny(
      Duration timeout, Collection<Task<T>> tasks) {
    return first(checked(tasks), Durations.toNanos(timeout, "timeout"), timeout);
  }

  private static <T extends @Nullable Object> Task<T> first(
      List<Task<T>> tasks, long nanos, @Nullable Duration timeout) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("tasks is empty: awaitAny would wait for ever");
    }
    if (tasks.stream().noneMatch(Task::isCompleted) && !Waits.untilEnded(tasks, 1, false, nanos)) {
      throw exceeded(tasks, timeout);
    }
    return tasks.stream().filter(Task::isCompleted).findFirst().orElseThrow();
  }

  private static DeadlineExceededException exceeded(
      List<? extends Task<?>> tasks, @Nullable Duration timeout) {
    return new DeadlineExceededException(
        Waits.describe(tasks), Objects.requireNonNull(timeout, "timeout"));
  }

  private static <E> List<E> checked(Collection<? extends E> tasks) {
    List<E> checked = new ArrayList<>(Objects.requireNonNull(tasks, "tasks"));
    for (int i = 0; i < checked.size(); i++) {
      Objects.requireNonNull(checked.get(i), "tasks[" + i + "]");
    }
    return checked;
  }

  // ---- looking ----

  /**
   * Whether operations pause the caller, since it is a coroutine; else they block its thread, as
   * inside {@link #sync(Body)} too.
   */
  public static boolean inCoroutine() {
    return Fiber.current() != null;
  }

  /**
   * What the library found and chose, in a few lines for a person: its version, the mode of the
   * coroutines and the backend, each with the reason. Never throws.
   */
  public static String describe() {
    String version = GoAsync.class.getPackage().getImplementationVersion();
    return "goasync "
        + (version == null ? "(unpackaged)" : version)
        + " on Java "
        + Runtime.version()
        + "\ncoroutines: "
        + SchedulerAccess.explanation()
        + "\nbackend: "
        + Backends.describe();
  }
}
