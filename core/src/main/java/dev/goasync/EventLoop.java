package dev.goasync;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.deadlock.IdleMonitor;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.SharedSecrets;
import dev.goasync.internal.loop.TimeSource;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines, one at a time, and their I/O and timers, on one thread.
 *
 * <p>Most programs never name one: {@link GoAsync#goAsync} uses the default loop, whose only thread
 * is all that the library starts. Others have several:
 *
 * <pre>{@code
 * try (EventLoop loop = EventLoop.start("crawler")) {   // a loop with a thread of its own
 *   loop.goAsync(() -> crawl(site)).await();
 * }
 *
 * EventLoop loop = EventLoop.onCurrentThread();         // a loop on this very thread
 * loop.goAsync(() -> serve(socket));
 * loop.run();                                           // until all its coroutines have ended
 * }</pre>
 *
 * <p>With {@code -Dgoasync.noThread=true} no thread is started at all: every thread that uses
 * {@code goAsync} gets a loop of its own, which runs while that thread awaits a task or calls
 * {@link #run}.
 *
 * <p>A loop with a thread keeps the program alive while it has coroutines, unless {@code
 * -Dgoasync.daemon=true}. All methods may be called from any thread unless they say otherwise.
 */
public final class EventLoop implements AutoCloseable {
  /** Set to {@code true}: no thread is started, loops run on the threads that use them. */
  static final String NO_THREAD_PROPERTY = "goasync.noThread";

  /** Set to {@code true}: coroutines don't keep the program alive. */
  static final String DAEMON_PROPERTY = "goasync.daemon";

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable EventLoop theDefault;

  static {
    SharedSecrets.install(new RootSecrets());
  }

  private final Loop loop;

  private EventLoop(Loop loop) {
    this.loop = loop;
    loop.setPublicView(this);
  }

  // ---- getting one ----

  /** Starts a loop with a thread of its own. */
  public static EventLoop start() {
    return start("goasync-loop-" + COUNT.incrementAndGet());
  }

  /**
   * Starts a loop with a thread of its own.
   *
   * @param name the thread's name
   */
  public static EventLoop start(String name) {
    Objects.requireNonNull(name, "name");
    boolean daemon = Boolean.getBoolean(DAEMON_PROPERTY);
    return new EventLoop(
        Loop.start(
            name, daemon, TimeSource.SYSTEM, Backends.lazyPollerFactory(), new IdleMonitor()));
  }

  /**
   * The loop of the current thread, made at the first call. It runs only while the thread awaits a
   * task or calls {@link #run}; from now on {@code goAsync} on this thread starts coroutines there.
   *
   * @throws IllegalStateException on a virtual thread, which cannot carry a loop
   */
  public static EventLoop onCurrentThread() {
    Loop owned = Loop.ownedByCurrentThread();
    return of(
        owned != null
            ? owned
            : Loop.onCurrentThread(
                TimeSource.SYSTEM, Backends.lazyPollerFactory(), new IdleMonitor()));
  }

  /**
   * The loop that {@code goAsync} uses here: the current coroutine's, else the current thread's,
   * else the default one.
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

  private static synchronized EventLoop defaultLoop() {
    EventLoop existing = theDefault;
    if (existing == null || existing.loop.isClosing()) {
      existing = start("goasync-loop");
      theDefault = existing;
    }
    return existing;
  }

  private static EventLoop of(Loop loop) {
    return loop.publicView() instanceof EventLoop face ? face : new EventLoop(loop);
  }

  Loop loop() {
    return loop;
  }

  // ---- starting coroutines ----

  /**
   * Starts a coroutine on this loop, as {@link GoAsync#goAsync(Body)} does on the current one.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public <T extends @Nullable Object> Task<T> goAsync(Body<? extends T, ?> body) {
    return start(null, StartSite.of(Objects.requireNonNull(body, "body")), body);
  }

  /** Like {@link #goAsync(Body)}, for a body without result. */
  public Task<@Nullable Void> goAsync(Action<?> body) {
    Objects.requireNonNull(body, "body");
    return start(null, StartSite.of(body), GoAsync.asBody(body));
  }

  /** Like {@link #goAsync(Body)}, with a name for reports and thread dumps. */
  public <T extends @Nullable Object> Task<T> goAsync(String name, Body<? extends T, ?> body) {
    Objects.requireNonNull(name, "name");
    return start(name, StartSite.of(Objects.requireNonNull(body, "body")), body);
  }

  /** Like {@link #goAsync(Action)}, with a name for reports and thread dumps. */
  public Task<@Nullable Void> goAsync(String name, Action<?> body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    return start(name, StartSite.of(body), GoAsync.asBody(body));
  }

  private <T extends @Nullable Object> Task<T> start(
      @Nullable String name, StartSite place, Body<? extends T, ?> body) {
    TaskFiber<T> fiber = new TaskFiber<>(loop, name, place, body);
    loop.startFiber(fiber);
    return fiber.task;
  }

  // ---- views ----

  /**
   * Makes threads that are coroutines of this loop, for libraries that take a factory. Such a
   * thread runs on the loop, one at a time with its other coroutines, and pauses where it waits.
   */
  public ThreadFactory threadFactory() {
    return work -> new ThreadFiber(loop, Objects.requireNonNull(work, "work")).thread();
  }

  /**
   * An executor that runs each task as a coroutine of this loop, for libraries that take one.
   * Closing it waits for its tasks and leaves the loop open; {@code shutdownNow} and {@code
   * Future.cancel} interrupt the coroutine, which cancels what it waits for.
   */
  public ExecutorService executor() {
    return Executors.newThreadPerTaskExecutor(threadFactory());
  }

  // ---- running and closing ----

  /**
   * Runs the loop on the current thread, whose it must be, until all its coroutines have ended.
   *
   * @throws IllegalStateException if the loop has a thread of its own, or is another thread's, or
   *     runs already
   * @throws DeadlockException if the coroutines wait for each other for ever
   */
  public void run() {
    if (loop.hasOwnThread()) {
      throw new IllegalStateException(
          loop.name() + " runs on a thread of its own; run() is for loops of onCurrentThread()");
    }
    String deadlock = loop.runUntilNoFiber();
    if (deadlock != null) {
      throw new DeadlockException(deadlock);
    }
  }

  /**
   * Closes the loop: takes no new work from outside and waits until its coroutines have ended. If
   * the waiting thread is interrupted, the coroutines are cancelled and still waited for.
   *
   * @throws IllegalStateException if called by one of the loop's own coroutines
   */
  @Override
  public void close() {
    loop.close(null);
  }

  /**
   * Like {@link #close}, but cancels the coroutines first.
   *
   * @throws IllegalStateException if called by one of the loop's own coroutines
   */
  public void closeNow() {
    loop.close("its event loop was closed");
  }

  /** The loop's name, which is its thread's. */
  public String name() {
    return loop.name();
  }

  /** A moment's figures. */
  public Statistics statistics() {
    return new Statistics(loop.fiberCount(), loop.turns(), loop.tasksRun());
  }

  /**
   * Figures of a loop.
   *
   * @param coroutines how many live
   * @param turns how many turns it has made
   * @param switches how many times it has switched to a coroutine
   */
  public record Statistics(int coroutines, long turns, long switches) {}

  @Override
  public String toString() {
    return "EventLoop[" + loop.name() + ", " + loop.fiberCount() + " coroutines]";
  }
}
