package dev.goasync;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.inspect.Dumper;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.task.Coroutines;
import dev.goasync.internal.task.Offload;
import dev.goasync.internal.task.StartSite;
import dev.goasync.internal.task.TimeLimits;
import dev.goasync.internal.task.Waits;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The entry point of the library: starts coroutines, awaits tasks, sets timeouts and shields, and
 * runs blocking calls on other threads.
 *
 * <pre>{@code
 * Path path = Path.of("notes.txt");
 * String now = AsyncFiles.readString(path); // outside coroutines: blocks the thread
 *
 * Task<String> later = GoAsync.goAsync(() -> AsyncFiles.readString(path)); // pauses the coroutine
 * System.out.println(now.equals(later.await()));
 * }</pre>
 *
 * <p>A coroutine started outside coroutines runs on the default loop. Its thread starts with the
 * first coroutine and keeps the program alive while there are coroutines. A coroutine started
 * inside a coroutine runs on the same loop. The coroutines of a loop run one at a time: state that
 * only they use needs no lock, and it does not change between two waits.
 *
 * <p><b>Cancellation.</b> A cancelled coroutine gets a {@link CancellationException} at its current
 * wait and at every later one, until it ends. Clean-up that must wait runs inside {@link
 * #shielded}.
 *
 * <p><b>Threads.</b> All methods may be called from any thread unless they say otherwise.
 */
public final class GoAsync {
  private GoAsync() {}

  // ---- starting ----

  /**
   * Starts a coroutine that runs {@code body}, and returns without waiting for it. {@link
   * Task#await()} returns what the body returns and throws what it throws.
   *
   * <pre>{@code
   * Task<Integer> answer = GoAsync.goAsync(() -> 6 * 7);
   * System.out.println(answer.await());
   * }</pre>
   *
   * @throws java.util.concurrent.RejectedExecutionException if the current loop is closed
   */
  public static <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return EventLoop.currentOrDefault().goAsync(body);
  }

  /**
   * Starts a coroutine without a result, and returns without waiting for it.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the current loop is closed
   */
  public static Task<@Nullable Void> goAsync(Action<?> body) {
    return EventLoop.currentOrDefault().goAsync(body);
  }

  /**
   * Starts a coroutine with a name, which reports and thread dumps show.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the current loop is closed
   */
  public static <T extends @Nullable Object> Task<T> goAsync(
      String name, Body<? extends T, ?> body) {
    return EventLoop.currentOrDefault().goAsync(name, body);
  }

  /**
   * Starts a coroutine without a result, with a name, which reports and thread dumps show.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the current loop is closed
   */
  public static Task<@Nullable Void> goAsync(String name, Action<?> body) {
    return EventLoop.currentOrDefault().goAsync(name, body);
  }

  /**
   * Runs {@code body} so that every operation in it blocks the thread, even inside a coroutine. The
   * coroutine's loop runs nothing else until the body returns.
   *
   * <pre>{@code
   * Path path = Path.of("notes.txt");
   * String text = GoAsync.sync(() -> AsyncFiles.readString(path));
   * }</pre>
   *
   * <p>Inside a coroutine the body is not cancelled, and it cannot wait for tasks of the same loop:
   * such a wait throws {@link IllegalStateException}.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T sync(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber == null) {
      return body.call();
    }
    fiber.beginSync();
    try {
      return body.call();
    } finally {
      fiber.endSync();
    }
  }

  /**
   * Runs {@code body}, which has no result, so that every operation in it blocks the thread; see
   * {@link #sync(Body)}.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void sync(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>sync(asBody(body));
  }

  /**
   * Runs a blocking call, or a long computation, on a thread of a pool while the coroutine pauses.
   * Outside coroutines runs {@code body} on the current thread.
   *
   * <pre>{@code
   * InetAddress address = GoAsync.offload(() -> InetAddress.getByName("localhost"));
   * }</pre>
   *
   * <p>A cancel of the coroutine interrupts the pool's thread and waits until the body has ended.
   * If the body returns a result all the same, {@code offload} returns it. The pool starts threads
   * on demand, up to {@code -Dgoasync.offloadThreads} (default 64); further calls are queued. Idle
   * threads end.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T offload(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.current();
    return fiber == null ? body.call() : Offload.<T, X>run(fiber, body);
  }

  /**
   * Runs {@code body}, which has no result, on a thread of a pool while the coroutine pauses; see
   * {@link #offload(Body)}.
   *
   * @throws X what the body throws
   */
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
   * Waits for at least {@code duration}. A coroutine waits by the clock of its loop, which a test
   * can make virtual; see {@link dev.goasync.testing.TestLoop}.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted
   * @throws IllegalStateException on the thread of a running event loop outside coroutines, such as
   *     in a callback: the loop would stand still
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public static void sleep(Duration duration) {
    long nanos = Durations.toNanos(duration, "duration");
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.sleep(nanos);
    } else {
      TimeLimits.sleepOnThread(nanos);
    }
  }

  /**
   * Lets the other coroutines run that are ready. Call it as {@code GoAsync.yield()}: the bare word
   * is a keyword of Java.
   *
   * @throws CancellationException if the coroutine is cancelled
   */
  @SuppressWarnings("NamedLikeContextualKeyword") // the field's word for it
  public static void yield() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      Thread.yield();
    } else {
      fiber.yieldNow();
    }
  }

  // ---- limits and shields ----

  /**
   * Runs {@code body} and cancels it if it has not ended within {@code timeout}. Timeouts nest; the
   * earliest ends the work. Outside coroutines the body runs in a new coroutine, and the thread
   * waits for it.
   *
   * <pre>{@code
   * Path path = Path.of("notes.txt");
   * String text = GoAsync.withTimeout(Duration.ofSeconds(5), () -> AsyncFiles.readString(path));
   * }</pre>
   *
   * @throws X what the body throws
   * @throws DeadlineExceededException if the body was cancelled because the time was over; the
   *     message names the place of this call and the timeout
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public static <T extends @Nullable Object, X extends Exception> T withTimeout(
      Duration timeout, Body<T, X> body) throws X {
    long nanos = Durations.toNanos(timeout, "timeout");
    StartSite site = StartSite.of(Objects.requireNonNull(body, "body"));
    return Coroutines.<T, X>in(
        fiber -> TimeLimits.<T, X>withTimeout(fiber, timeout, nanos, site, body));
  }

  /**
   * Runs {@code body}, which has no result, and cancels it if it has not ended within {@code
   * timeout}; see {@link #withTimeout(Duration, Body)}.
   *
   * @throws X what the body throws
   * @throws DeadlineExceededException if the body was cancelled because the time was over
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public static <X extends Exception> void withTimeout(Duration timeout, Action<X> body) throws X {
    long nanos = Durations.toNanos(timeout, "timeout");
    StartSite site = StartSite.of(Objects.requireNonNull(body, "body"));
    Coroutines.<@Nullable Void, X>in(fiber ->
        TimeLimits.<@Nullable Void, X>withTimeout(fiber, timeout, nanos, site, asBody(body)));
  }

  /**
   * Runs {@code body} and cancels it if it has not ended at {@code deadline}, a time of the wall
   * clock or of the loop's virtual clock. A body whose deadline has passed already is cancelled at
   * its first wait.
   *
   * @throws X what the body throws
   * @throws DeadlineExceededException if the body was cancelled because the deadline had passed
   */
  public static <T extends @Nullable Object, X extends Exception> T withDeadline(
      Instant deadline, Body<T, X> body) throws X {
    Objects.requireNonNull(deadline, "deadline");
    return withDeadline(deadline, StartSite.of(Objects.requireNonNull(body, "body")), body);
  }

  /**
   * Runs {@code body}, which has no result, and cancels it if it has not ended at {@code deadline};
   * see {@link #withDeadline(Instant, Body)}.
   *
   * @throws X what the body throws
   * @throws DeadlineExceededException if the body was cancelled because the deadline had passed
   */
  public static <X extends Exception> void withDeadline(Instant deadline, Action<X> body) throws X {
    Objects.requireNonNull(deadline, "deadline");
    GoAsync.<@Nullable Void, X>withDeadline(
        deadline, StartSite.of(Objects.requireNonNull(body, "body")), asBody(body));
  }

  private static <T extends @Nullable Object, X extends Exception> T withDeadline(
      Instant deadline, StartSite site, Body<T, X> body) throws X {
    return Coroutines.<T, X>in(fiber -> TimeLimits.<T, X>withDeadline(fiber, deadline, site, body));
  }

  /**
   * Runs {@code body} protected from cancels and timeouts that come from outside it, for clean-up
   * that must be done. A cancel takes effect at the first wait after the body. Outside coroutines
   * only runs the body.
   *
   * <pre>{@code
   * Path lock = Path.of("lock");
   * try {
   *   GoAsync.sleep(Duration.ofMinutes(1));
   * } finally {
   *   GoAsync.shielded(() -> AsyncFiles.deleteIfExists(lock));
   * }
   * }</pre>
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T shielded(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Fiber.current();
    return fiber == null ? body.call() : TimeLimits.<T, X>shielded(fiber, Poller.FOREVER, body);
  }

  /**
   * Runs {@code body}, which has no result, protected from cancels and timeouts that come from
   * outside it; see {@link #shielded(Body)}.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void shielded(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>shielded(asBody(body));
  }

  /**
   * Runs {@code body} protected from cancels and timeouts that come from outside it, for a limited
   * time: {@code grace} after the cancel has come, the body is cancelled too.
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
    return fiber == null ? body.call() : TimeLimits.<T, X>shielded(fiber, nanos, body);
  }

  /**
   * Runs {@code body}, which has no result, protected from cancels and timeouts for a limited time;
   * see {@link #shielded(Duration, Body)}.
   *
   * @param grace how long the shield holds after the cancel
   * @throws X what the body throws
   * @throws IllegalArgumentException if {@code grace} is negative
   */
  public static <X extends Exception> void shielded(Duration grace, Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    GoAsync.<@Nullable Void, X>shielded(grace, asBody(body));
  }

  /**
   * Throws if the coroutine is cancelled or a time limit of it is over. For long computations,
   * which have no wait at which a cancel could take effect.
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

  /**
   * The time until a limit cancels the coroutine: of {@link #withTimeout}, {@link #withDeadline} or
   * a {@link CancelScope}, also around the scope of its task. For libraries that take a timeout.
   *
   * @return zero if the time is over or the coroutine is cancelled; empty if no limit applies,
   *     inside a shield or outside coroutines
   */
  public static Optional<Duration> remainingTime() {
    Fiber fiber = Fiber.current();
    long nanos = fiber == null ? Poller.FOREVER : fiber.remainingNanos();
    return nanos == Poller.FOREVER ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  // ---- waiting for several ----

  /**
   * Waits for all tasks and returns their results in the order of the arguments. If a task fails,
   * throws what its {@link Task#await()} throws, without waiting for the other tasks, which
   * continue.
   *
   * <pre>{@code
   * Task<Integer> one = GoAsync.goAsync(() -> 1);
   * Task<Integer> two = GoAsync.goAsync(() -> 2);
   * List<Integer> results = GoAsync.awaitAll(one, two);
   * }</pre>
   *
   * @throws TaskFailedException if a task failed with a checked exception
   * @throws CancellationException if a task was cancelled, the waiting coroutine is cancelled, or
   *     the waiting thread is interrupted
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> List<T> awaitAll(Task<? extends T>... tasks) {
    return awaitAll(Arrays.asList(Objects.requireNonNull(tasks, "tasks")));
  }

  /** Waits for all tasks, as {@link #awaitAll(Task...)} does. */
  public static <T extends @Nullable Object> List<T> awaitAll(
      Collection<? extends Task<? extends T>> tasks) {
    return Task.awaitAll(tasks, Poller.FOREVER, null);
  }

  /**
   * Waits for all tasks, at most {@code timeout}, and returns their results in the order of {@code
   * tasks}; see {@link #awaitAll(Task...)}. After the timeout the tasks continue.
   *
   * @throws DeadlineExceededException if the tasks did not all end in time
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public static <T extends @Nullable Object> List<T> awaitAll(
      Duration timeout, Collection<? extends Task<? extends T>> tasks) {
    return Task.awaitAll(tasks, Durations.toNanos(timeout, "timeout"), timeout);
  }

  /**
   * Waits until one of the tasks has ended, with a result, a failure or by a cancel, and returns
   * it: the first in the order of the arguments. The other tasks continue.
   *
   * <pre>{@code
   * Task<String> fromCache = GoAsync.goAsync(() -> "cached");
   * Task<String> fromNetwork = GoAsync.goAsync(() -> "fetched");
   * Task<String> winner = GoAsync.awaitAny(fromCache, fromNetwork);
   * System.out.println(winner.await());
   * }</pre>
   *
   * @throws IllegalArgumentException if there is no task
   * @throws CancellationException if the waiting coroutine is cancelled, or the waiting thread is
   *     interrupted
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T extends @Nullable Object> Task<T> awaitAny(Task<T>... tasks) {
    return awaitAny(Arrays.asList(Objects.requireNonNull(tasks, "tasks")));
  }

  /**
   * Waits until one of the tasks has ended and returns it; see {@link #awaitAny(Task...)}.
   *
   * @throws IllegalArgumentException if there is no task
   */
  public static <T extends @Nullable Object> Task<T> awaitAny(Collection<Task<T>> tasks) {
    return awaitAny(tasks, Poller.FOREVER, null);
  }

  /**
   * Waits until one of the tasks has ended, at most {@code timeout}, and returns it; see {@link
   * #awaitAny(Task...)}.
   *
   * @throws DeadlineExceededException if none ended in time
   * @throws IllegalArgumentException if there is no task, or {@code timeout} is negative
   */
  public static <T extends @Nullable Object> Task<T> awaitAny(
      Duration timeout, Collection<Task<T>> tasks) {
    return awaitAny(tasks, Durations.toNanos(timeout, "timeout"), timeout);
  }

  private static <T extends @Nullable Object> Task<T> awaitAny(
      Collection<Task<T>> tasks, long nanos, @Nullable Duration timeout) {
    return Waits.awaitAny(Waits.<Task<T>>checked(tasks), nanos, timeout);
  }

  // ---- state ----

  /**
   * Whether the caller is a coroutine, so that operations pause it. Returns false on plain threads
   * and inside {@link #sync(Body)}, where operations block the thread.
   */
  public static boolean inCoroutine() {
    return Fiber.current() != null;
  }

  /**
   * Describes the library's version, the mode of its coroutines and its backend, each with the
   * reason, in a few lines for logs and bug reports. Never throws.
   */
  public static String describe() {
    return Dumper.describeLibrary();
  }

  /**
   * Takes a dump: what every loop and coroutine of the program does and waits for, and the
   * conclusions from it. The loops run on meanwhile. Any thread, also while a coroutine blocks its
   * loop; see {@link Dump}.
   */
  public static Dump dump() {
    return dump(DumpOptions.standard());
  }

  /** Takes a dump with options, such as the stacks of the coroutines; see {@link #dump()}. */
  public static Dump dump(DumpOptions options) {
    return Dumper.take(
        LoopRegistry.allIncludingOnCallers(), Objects.requireNonNull(options, "options"));
  }
}
