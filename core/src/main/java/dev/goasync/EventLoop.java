package dev.goasync;

import dev.goasync.inspect.Dump;
import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.deadlock.IdleMonitor;
import dev.goasync.internal.inspect.Diagnostics;
import dev.goasync.internal.inspect.Dumper;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.task.Contexts;
import dev.goasync.internal.task.ScheduledCall;
import dev.goasync.internal.task.ScheduledExecutor;
import dev.goasync.internal.task.StartSite;
import dev.goasync.internal.task.ThreadFiber;
import dev.goasync.internal.util.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: runs coroutines, one at a time, with their I/O and timers, on one thread.
 *
 * <p>Most programs need no {@code EventLoop}: {@link GoAsync#goAsync} uses the default loop, whose
 * thread is the only one that the library starts for coroutines. A loop of your own has its own
 * thread, or runs on the current one:
 *
 * <pre>{@code
 * try (EventLoop loop = EventLoop.start("crawler")) { // a loop with its own thread
 *   System.out.println(loop.goAsync(() -> "crawled").await());
 * }
 *
 * try (EventLoop own = EventLoop.onCurrentThread()) { // a loop on the current thread
 *   own.goAsync(() -> System.out.println("running"));
 *   own.run(); // returns when all its coroutines have ended
 * }
 * }</pre>
 *
 * <p>With {@code -Dgoasync.noThread=true} the library starts no thread for coroutines. Each thread
 * that calls {@code goAsync} gets a loop, which runs while that thread awaits a task or calls
 * {@link #run}.
 *
 * <p>A loop with its own thread keeps the program alive while it has coroutines, unless {@code
 * -Dgoasync.daemon=true} is set.
 *
 * <p><b>Threads.</b> All methods may be called from any thread unless they say otherwise.
 */
public final class EventLoop implements AutoCloseable {
  /**
   * If {@code true}, the library starts no loop threads; loops run on the threads that use them.
   */
  static final String NO_THREAD_PROPERTY = "goasync.noThread";

  /** If {@code true}, coroutines do not keep the program alive. */
  static final String DAEMON_PROPERTY = "goasync.daemon";

  /** The longest timeout in nanoseconds: 292 years. */
  private static final Duration MAX_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

  /** The longest delay of {@link #schedule}: times are compared by subtraction. */
  private static final Duration MAX_DELAY = Duration.ofNanos(Long.MAX_VALUE / 2);

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable EventLoop theDefault;

  private final Loop loop;

  private EventLoop(Loop loop) {
    this.loop = loop;
    loop.setPublicView(this);
    Diagnostics.start();
  }

  // ---- getting one ----

  /** Starts a loop with its own thread, which gets a name with a number. */
  public static EventLoop start() {
    return start("goasync-loop-" + COUNT.incrementAndGet());
  }

  /**
   * Starts a loop with its own thread.
   *
   * @param name the name of the loop and of its thread
   * @throws IllegalArgumentException if a system property of the library has a wrong value
   */
  public static EventLoop start(String name) {
    Objects.requireNonNull(name, "name");
    Settings.check();
    Backend own = Backends.ownOfCaller();
    Loop simulated = own == null ? null : own.startLoop(name);
    if (simulated != null) {
      return new EventLoop(simulated);
    }
    boolean daemon = Boolean.getBoolean(DAEMON_PROPERTY);
    return new EventLoop(
        Loop.start(
            name, daemon, TimeSource.SYSTEM, Backends.lazyPollerFactory(), new IdleMonitor()));
  }

  /**
   * Returns the loop of the current thread; the first call creates it. The loop runs only while the
   * thread awaits a task or calls {@link #run}. After this call {@code goAsync} on this thread
   * starts coroutines on this loop.
   *
   * @throws IllegalStateException on a virtual thread, which cannot run a loop
   * @throws IllegalArgumentException if a system property of the library has a wrong value
   */
  public static EventLoop onCurrentThread() {
    Settings.check();
    Loop owned = Loop.ownedByCurrentThread();
    return of(
        owned != null
            ? owned
            : Loop.onCurrentThread(
                TimeSource.SYSTEM, Backends.lazyPollerFactory(), new IdleMonitor()));
  }

  /**
   * Returns the loop that {@code goAsync} uses for the caller: the loop of the current coroutine,
   * else the loop of the current thread, else the default loop.
   */
  public static EventLoop currentOrDefault() {
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber != null) {
      return of(fiber.loop());
    }
    Loop owned = Loop.ownedByCurrentThread();
    if (owned != null) {
      return of(owned);
    }
    return Boolean.getBoolean(NO_THREAD_PROPERTY) ? onCurrentThread() : defaultLoop();
  }

  /** Returns the loops that have not ended, in no order. Any thread; a snapshot. */
  public static List<EventLoop> all() {
    return LoopRegistry.allIncludingOnCallers().stream()
        .map(Loop::publicView)
        .filter(EventLoop.class::isInstance)
        .map(EventLoop.class::cast)
        .toList();
  }

  private static synchronized EventLoop defaultLoop() {
    EventLoop existing = theDefault;
    if (existing == null || existing.loop.isClosing()) {
      existing = start("goasync-loop");
      theDefault = existing;
    }
    return existing;
  }

  private static EventLoop of(Loop loop) {
    return loop.publicView() instanceof EventLoop existing ? existing : new EventLoop(loop);
  }

  Loop loop() {
    return loop;
  }

  // ---- starting coroutines ----

  /**
   * Starts a coroutine on this loop that runs {@code body}, and returns without waiting for it.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return Task.start(loop, null, StartSite.of(Objects.requireNonNull(body, "body")), body);
  }

  /**
   * Starts a coroutine without a result on this loop, and returns without waiting for it.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public Task<@Nullable Void> goAsync(Action<?> body) {
    Objects.requireNonNull(body, "body");
    return Task.start(loop, null, StartSite.of(body), GoAsync.asBody(body));
  }

  /**
   * Starts a coroutine on this loop with a name, which reports and thread dumps show.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public <T extends @Nullable Object> Task<T> goAsync(String name, Body<? extends T, ?> body) {
    Objects.requireNonNull(name, "name");
    return Task.start(loop, name, StartSite.of(Objects.requireNonNull(body, "body")), body);
  }

  /**
   * Starts a coroutine without a result on this loop, with a name, which reports and thread dumps
   * show.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public Task<@Nullable Void> goAsync(String name, Action<?> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return Task.start(loop, name, StartSite.of(body), GoAsync.asBody(body));
  }

  // ---- views ----

  /**
   * Returns a factory of threads that are coroutines of this loop, for libraries that take a {@link
   * ThreadFactory}. Such a thread runs on the loop, one at a time with the loop's other coroutines,
   * and pauses where it waits.
   */
  public ThreadFactory threadFactory() {
    return work -> new ThreadFiber(loop, Objects.requireNonNull(work, "work")).thread();
  }

  /**
   * Returns a factory of threads that are coroutines of this loop, with names that logs and thread
   * dumps show: {@code prefix} and a number.
   *
   * @param daemon whether the loop may end before these coroutines: neither {@link #close} nor
   *     {@link #run} nor the end of the program waits for them. When the loop ends it cancels them;
   *     one that goes on in spite of that is abandoned.
   */
  public ThreadFactory threadFactory(String prefix, boolean daemon) {
    Objects.requireNonNull(prefix, "prefix");
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Objects.requireNonNull(work, "work");
      String name = prefix + count.incrementAndGet();
      return new ThreadFiber(loop, work, name, daemon).thread();
    };
  }

  /**
   * Returns an executor that runs each task as a coroutine of this loop, for libraries that take an
   * {@link ExecutorService}. Closing it waits for its tasks and leaves the loop open. {@code
   * shutdownNow} and {@code Future.cancel} interrupt the coroutine, which cancels its current wait.
   */
  public ExecutorService executor() {
    return Executors.newThreadPerTaskExecutor(
        work -> new ThreadFiber(loop, Contexts.wrap(work)).thread());
  }

  /**
   * Returns an executor that runs each task as a coroutine of this loop, at most {@code
   * maxConcurrency} at once. Further tasks are queued and begin in the order of their calls.
   * Closing the executor waits for all its tasks and leaves the loop open.
   *
   * @throws IllegalArgumentException if {@code maxConcurrency} is not positive
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public ExecutorService executor(int maxConcurrency) {
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("maxConcurrency must be positive: " + maxConcurrency);
    }
    return new ScheduledExecutor(loop, maxConcurrency);
  }

  /**
   * Returns an executor that runs each task as a coroutine of this loop, after a delay or
   * periodically, by the loop's clock. It behaves as {@link
   * java.util.concurrent.ScheduledThreadPoolExecutor} with these differences: tasks that wait do
   * not delay others, a cancelled task is removed at once, and the close of the loop cancels the
   * tasks that have not begun.
   *
   * <pre>{@code
   * try (ScheduledExecutorService scheduler = EventLoop.currentOrDefault().scheduledExecutor()) {
   *   scheduler.scheduleAtFixedRate(() -> System.out.println("tick"), 0, 1, TimeUnit.SECONDS);
   *   GoAsync.sleep(Duration.ofSeconds(10));
   * } // close cancels periodic tasks and waits for the others
   * }</pre>
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public ScheduledExecutorService scheduledExecutor() {
    return new ScheduledExecutor(loop, Integer.MAX_VALUE);
  }

  // ---- for adapters of other frameworks ----

  /**
   * Runs {@code task} on the loop's thread, without a coroutine, after what is ready. The task must
   * be short and cannot wait: it starts a coroutine for that. What it throws is logged.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public void execute(Runnable task) {
    loop.execute(Objects.requireNonNull(task, "task"));
  }

  /**
   * Runs {@code task} as {@link #execute} does, after a delay of the loop's clock. A scheduled task
   * does not keep the loop open: {@link #close} drops it.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.currentOrDefault();
   * EventLoop.Scheduled hint = loop.schedule(Duration.ofSeconds(2), () -> System.out.println("slow"));
   * GoAsync.sleep(Duration.ofSeconds(1));
   * hint.cancel();
   * }</pre>
   *
   * @param delay zero or negative to run the task as soon as possible
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public Scheduled schedule(Duration delay, Runnable task) {
    Objects.requireNonNull(task, "task");
    long nanos =
        delay.compareTo(MAX_DELAY) > 0
            ? MAX_DELAY.toNanos()
            : delay.isNegative() ? 0 : delay.toNanos();
    return ScheduledCall.at(loop, nanoTime() + nanos, task)::cancel;
  }

  /** A task of {@link #schedule}. */
  @FunctionalInterface
  public interface Scheduled {
    /**
     * Cancels the task. Any thread.
     *
     * @return false if the task has begun or was cancelled before
     */
    boolean cancel();
  }

  /** Whether the caller is a coroutine of this loop, or runs on the loop's thread. */
  public boolean isCurrent() {
    return loop.isCurrent();
  }

  /**
   * Returns the time of the loop's clock in nanoseconds from an arbitrary origin; compare two times
   * by subtraction. On a {@code TestLoop} the clock is virtual.
   */
  public long nanoTime() {
    return loop.time().nanoTime();
  }

  // ---- running and closing ----

  /**
   * Runs a loop of {@link #onCurrentThread} until all its coroutines have ended. Call it on the
   * thread of the loop.
   *
   * @throws IllegalStateException if the loop has its own thread, if it is the loop of another
   *     thread, or if it is running already
   * @throws DeadlockException if the coroutines wait for each other for ever
   */
  public void run() {
    checkRunsOnCallers("run()");
    String deadlock = loop.runUntilNoFiber();
    if (deadlock != null) {
      throw new DeadlockException(deadlock);
    }
  }

  /**
   * Runs a loop of {@link #onCurrentThread} once, so that another main loop, of a user interface
   * for example, can drive it: waits at most {@code timeout} until a coroutine can continue, runs
   * the coroutines that can, and returns. With a timeout of zero it does not wait.
   *
   * <pre>{@code
   * try (EventLoop loop = EventLoop.onCurrentThread()) {
   *   loop.goAsync(() -> GoAsync.sleep(Duration.ofSeconds(1)));
   *   while (loop.runOnce(Duration.ofMillis(10))) {
   *     System.out.println("handle the events of the user interface");
   *   }
   * }
   * }</pre>
   *
   * <p>Between the calls the coroutines make no progress. This method reports no deadlock, since
   * the other main loop may end every wait. It may return before the timeout without having run a
   * coroutine.
   *
   * @return whether coroutines, or starts of coroutines by other threads, are left
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws IllegalStateException if the loop has its own thread, if it is the loop of another
   *     thread, or if it is running already
   */
  public boolean runOnce(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is negative: " + timeout);
    }
    checkRunsOnCallers("runOnce()");
    loop.runOnce(timeout.compareTo(MAX_TIMEOUT) > 0 ? Long.MAX_VALUE : timeout.toNanos());
    return !loop.isWithoutWork();
  }

  private void checkRunsOnCallers(String method) {
    if (loop.hasOwnThread()) {
      throw new IllegalStateException(
          loop.name()
              + " has its own thread; call "
              + method
              + " on a loop of onCurrentThread() only");
    }
  }

  /**
   * Closes the loop: rejects new work from outside and waits until the loop's coroutines have
   * ended. An interrupt of the waiting thread cancels the coroutines; the wait for their end
   * continues.
   *
   * @throws IllegalStateException if called by one of the loop's own coroutines
   */
  @Override
  public void close() {
    loop.close(null);
  }

  /**
   * Closes the loop as {@link #close} does, and cancels its coroutines first. Threads of {@link
   * #threadFactory} get an interrupt; a thread pool on such threads ignores it, so shut the pool
   * down before. If coroutines are left after five seconds, they are logged as a warning with their
   * stacks, and the wait goes on.
   *
   * @throws IllegalStateException if called by one of the loop's own coroutines
   */
  public void closeNow() {
    loop.close("its event loop was closed");
  }

  /** The name of the loop and of its thread. */
  public String name() {
    return loop.name();
  }

  /**
   * Takes a dump of this loop: what its coroutines do and wait for. Any thread; see {@link
   * GoAsync#dump()}, which includes all loops.
   */
  public Dump dump() {
    return dump(DumpOptions.standard());
  }

  /** Takes a dump of this loop with options; see {@link #dump()}. */
  public Dump dump(DumpOptions options) {
    return Dumper.take(List.of(loop), Objects.requireNonNull(options, "options"));
  }

  /** A snapshot of the loop's counters. Any thread; the counters of a running loop change. */
  public Statistics statistics() {
    Inspection.Totals now = Inspection.totalsOf(loop);
    return new Statistics(
        loop.fiberCount(),
        now.started(),
        now.failed(),
        now.cancelled(),
        loop.turns(),
        loop.tasksRun(),
        now.ready(),
        now.timers(),
        now.inFlight());
  }

  /**
   * Counters of a loop. Those of events count from the start of the loop.
   *
   * @param coroutines the number of coroutines that have started and not ended
   * @param started the number of coroutines that have started
   * @param failed the number of tasks that have failed
   * @param cancelled the number of tasks that have ended by a cancel
   * @param turns the number of turns of the loop
   * @param switches how many times the loop has switched to a coroutine
   * @param ready the number of coroutines and callbacks that are ready to run
   * @param timers the number of timers that are set
   * @param inFlight the number of operations that the kernel or a worker thread will complete
   */
  public record Statistics(
      int coroutines,
      long started,
      long failed,
      long cancelled,
      long turns,
      long switches,
      int ready,
      int timers,
      int inFlight) {}

  @Override
  public String toString() {
    return "EventLoop[" + loop.name() + ", " + loop.fiberCount() + " coroutines]";
  }
}
