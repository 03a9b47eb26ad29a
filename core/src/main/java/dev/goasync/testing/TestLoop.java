package dev.goasync.testing;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.deadlock.IdleMonitor;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.VirtualTime;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event loop for one test, on the test's thread and with a virtual clock. When all coroutines
 * wait for each other or for timers, the clock jumps to the next timer. So a sleep of an hour takes
 * no time, and events have the same order in every run.
 *
 * <pre>{@code
 * try (TestLoop loop = TestLoop.open()) {
 *   loop.run(() -> GoAsync.sleep(Duration.ofMinutes(1)));
 *   System.out.println(loop.elapsed()); // PT1M, at once
 * }
 * }</pre>
 *
 * <p><b>When the clock stands still.</b> The clock does not move while a coroutine waits for
 * something outside the loop: an I/O operation, a call on the offload pool, a future ({@link
 * Task#from}), or a wait of the JDK such as {@code CompletableFuture.get} or {@code
 * CountDownLatch.await}. A coroutine that sleeps for an hour to complete such a future never wakes:
 * use {@code Task} and {@code dev.goasync.sync} for what coroutines of the test wait for. If the
 * clock stands still for five seconds of real time although a timer is set, a warning is logged
 * that names the coroutines which hold it back.
 *
 * <p><b>Threads.</b> Use a test loop on the thread that opened it; {@link #elapsed} and {@link
 * #advance} may also be called by its coroutines.
 *
 * <p>{@link #close} fails the test if a coroutine, a timer or an operation is left.
 */
public final class TestLoop implements AutoCloseable {
  private final VirtualTime time = new VirtualTime();
  private final Loop loop;
  private final EventLoop eventLoop;
  private final Thread owner = Thread.currentThread();

  /** Options of a test loop: {@code TestLoop.with().reportDeadlocks(true).open()}. */
  public static final class Options {
    private boolean reportDeadlocks;

    private Options() {}

    /**
     * Whether a deadlock is reported that threads alive at {@link #open} could in theory end. The
     * threads of a test framework never end, so without this option {@link #run} waits for ever.
     * Threads that the test starts later count as possible wakers. Default false.
     */
    public Options reportDeadlocks(boolean report) {
      reportDeadlocks = report;
      return this;
    }

    /**
     * Opens a loop on the current thread.
     *
     * @throws IllegalStateException if the thread has a loop already, or is virtual
     */
    public TestLoop open() {
      return new TestLoop(
          reportDeadlocks ? IdleMonitor.ignoringExistingThreads() : new IdleMonitor());
    }
  }

  private TestLoop(IdleMonitor monitor) {
    loop = Loop.onCurrentThread(time, Backends.lazyPollerFactory(), monitor);
    eventLoop = EventLoop.onCurrentThread();
  }

  /**
   * Opens a loop on the current thread. {@link #close} removes it from the thread.
   *
   * @throws IllegalStateException if the thread has a loop already, or is virtual
   */
  public static TestLoop open() {
    return with().open();
  }

  /** Options, followed by {@link Options#open}. */
  public static Options with() {
    return new Options();
  }

  /**
   * Runs {@code body} as a coroutine, and the loop until that coroutine has ended. Other coroutines
   * continue in the next run.
   *
   * @throws Exception the exception of the body, as it was thrown
   * @throws IllegalStateException if called on another thread than the one that opened the loop
   * @throws dev.goasync.DeadlockException if the coroutines wait for each other for ever; see
   *     {@link Options#reportDeadlocks}
   */
  public void run(Action<?> body) throws Exception {
    Objects.requireNonNull(body, "body");
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "run() was called on "
              + Thread.currentThread()
              + "; call it on the thread that opened the loop, "
              + owner);
    }
    Task<@Nullable Void> task = eventLoop.goAsync("test", body);
    try {
      task.await();
    } catch (RuntimeException failed) {
      Throwable thrown = task.failure();
      if (thrown instanceof Exception exception) {
        throw exception;
      }
      throw failed;
    }
  }

  /** The time since the loop was opened, by the virtual clock. */
  public Duration elapsed() {
    return Duration.ofNanos(time.elapsedNanos());
  }

  /**
   * Moves the clock forward. The timers that are due then fire when the loop runs next. For tests
   * in which the clock stands still because an operation outside the loop is in progress.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void advance(Duration duration) {
    time.jumpTo(time.nanoTime() + Durations.toNanos(duration, "duration"));
  }

  /** The event loop. */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /**
   * Cancels the coroutines that are left, waits for their end and closes the loop.
   *
   * @throws AssertionError if a coroutine, a timer or an operation was left; the message names it
   */
  @Override
  public void close() {
    String left = leftBehind();
    eventLoop.closeNow();
    if (!left.isEmpty()) {
      throw new AssertionError("left behind in the test loop: " + left);
    }
  }

  private String leftBehind() {
    var left = new StringBuilder();
    loop.fibers().forEach(fiber -> left.append("\n  ").append(fiber.describe()));
    if (left.isEmpty() && loop.timersQueued() > 0) {
      left.append(loop.timersQueued()).append(" timer(s)");
    }
    Poller poller = loop.openedPoller();
    if (left.isEmpty() && poller != null && poller.inFlight() > 0) {
      left.append(poller.inFlight()).append(" operation(s) in progress");
    }
    return left.toString();
  }
}
