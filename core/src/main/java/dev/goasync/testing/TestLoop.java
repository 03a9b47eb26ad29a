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
 * An event loop for one test: it runs on the test's own thread, by a virtual clock. When every
 * coroutine waits for others or for time, the clock jumps to the next timer; so an hour's sleep
 * takes no time, and what happens when is the same in every run. While an operation with the system
 * is under way, or a call on the offload pool, the clock stands still.
 *
 * <pre>{@code
 * @Test
 * void retriesAfterAMinute() throws Exception {
 *   try (TestLoop loop = TestLoop.open()) {
 *     loop.run(() -> client.fetchWithRetries());
 *     assertThat(loop.elapsed()).isEqualTo(Duration.ofMinutes(1));
 *   }
 * }
 * }</pre>
 *
 * <p>Used by the thread that opened it. {@link #close} fails the test if something was left behind.
 */
public final class TestLoop implements AutoCloseable {
  private final VirtualTime time = new VirtualTime();
  private final Loop loop;
  private final EventLoop face;

  private TestLoop() {
    loop = Loop.onCurrentThread(time, Backends.lazyPollerFactory(), new IdleMonitor());
    face = EventLoop.onCurrentThread();
  }

  /**
   * Opens a loop on the current thread, until {@link #close}.
   *
   * @throws IllegalStateException if the thread has a loop already
   */
  public static TestLoop open() {
    return new TestLoop();
  }

  /**
   * Runs {@code body} as a coroutine, and the loop until it has ended; coroutines that it started
   * may go on in the next run.
   *
   * @throws Exception what the body throws, as it was thrown
   */
  public void run(Action<?> body) throws Exception {
    Task<@Nullable Void> task = face.goAsync("test", Objects.requireNonNull(body, "body"));
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

  /** Time passed since the loop was opened, by its own clock. */
  public Duration elapsed() {
    return Duration.ofNanos(time.elapsedNanos());
  }

  /**
   * Moves the clock on; the timers that are due fire when the loop runs next. For tests in which
   * something real is under way, so that the clock does not jump.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void advance(Duration duration) {
    time.jumpTo(time.nanoTime() + Durations.toNanos(duration, "duration"));
  }

  /** The loop itself. */
  public EventLoop eventLoop() {
    return face;
  }

  /**
   * Closes the loop, after cancelling what was left.
   *
   * @throws AssertionError if a coroutine, a timer or an operation was left behind; says which
   */
  @Override
  public void close() {
    String left = leftBehind();
    face.closeNow();
    if (!left.isEmpty()) {
      throw new AssertionError("left behind in the test's loop: " + left);
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
      left.append(poller.inFlight()).append(" operation(s) with the system");
    }
    return left.toString();
  }
}
