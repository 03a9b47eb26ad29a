package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Lets so many through in a time, evenly, after a burst.
 *
 * <pre>{@code
 * RateLimiter requests = new RateLimiter(100, Duration.ofSeconds(1), 10);
 * for (URI page : pages) {
 *   requests.acquire();                 // the first 10 at once, then one each 10 ms
 *   goAsync(() -> fetch(page));
 * }
 * }</pre>
 *
 * <p>By the home loop's clock. They pass in the order in which they came; a cancelled wait uses up
 * nothing. The {@linkplain dev.goasync.sync package's description} says what else holds.
 */
public final class RateLimiter extends LoopPrimitive {
  private static final int ACQUIRE = 0;

  private final long interval;
  private final long tolerance;
  private final WaitQueue waiters = new WaitQueue();

  /** When the next one would pass if there were no bursts; it may pass earlier by the tolerance. */
  private long next;

  private long passed;

  /** Runs while somebody waits, until the first of them may pass. */
  private final LoopTimer timer =
      new LoopTimer() {
        @Override
        protected void fire() {
          serve();
        }
      };

  /**
   * A limiter that lives on the current loop.
   *
   * @param count how many pass in {@code period}, in the long run
   * @param period the time for that
   * @param burst how many may pass at once after a pause, at least 1
   * @throws IllegalArgumentException if an argument is out of its range, or more than one would
   *     pass in a nanosecond
   */
  public RateLimiter(int count, Duration period, int burst) {
    this(EventLoop.currentOrDefault(), count, period, burst);
  }

  /** Like {@link #RateLimiter(int, Duration, int)}, with a home loop that is given. */
  public RateLimiter(EventLoop home, int count, Duration period, int burst) {
    super(home);
    if (count < 1) {
      throw new IllegalArgumentException("count is less than 1: " + count);
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst is less than 1: " + burst);
    }
    interval = Durations.toNanos(period, "period") / count;
    if (interval < 1) {
      throw new IllegalArgumentException("period is too short for " + count + ": " + period);
    }
    tolerance = Math.multiplyExact(interval, burst - 1L);
    next = this.home.time().nanoTime() - tolerance;
  }

  /**
   * Passes; waits until it may.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void acquire() {
    await(ACQUIRE, null);
  }

  /**
   * Passes if it may at once.
   *
   * @return whether it did
   */
  public boolean tryAcquire() {
    return call(this::pass);
  }

  /**
   * Like {@link #acquire}, for a limited time.
   *
   * @return whether it passed
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryAcquire(Duration timeout) {
    return await(ACQUIRE, null, nanos(timeout)) != Waiter.TIMED_OUT;
  }

  // ---- the home loop's side ----

  @Override
  void begin(Waiter waiter) {
    if (pass()) {
      waiter.end(Waiter.DONE);
      return;
    }
    waiters.add(waiter);
    if (waiters.size() == 1) {
      home.addTimer(timer, next - tolerance);
    }
  }

  private boolean pass() {
    return waiters.isEmpty() && takeTurn();
  }

  private boolean takeTurn() {
    long now = home.time().nanoTime();
    if (next - tolerance - now > 0) {
      return false;
    }
    next = Math.max(next - now, 0) + now + interval;
    passed++;
    return true;
  }

  private void serve() {
    for (Waiter first = waiters.peek(); first != null; first = waiters.peek()) {
      if (!takeTurn()) {
        home.addTimer(timer, next - tolerance);
        return;
      }
      waiters.remove(first);
      first.end(Waiter.DONE);
    }
  }

  @Override
  void withdraw(Waiter waiter, Object answer) {
    super.withdraw(waiter, answer);
    if (waiters.isEmpty()) {
      home.cancelTimer(timer);
    }
  }

  @Override
  String describe(Waiter waiter) {
    return "its turn at " + this;
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param waiting how many wait now
   * @param passed how many have passed
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int waiting, long passed, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(waiters.size(), passed, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "rate limiter@"
        + Integer.toHexString(hashCode())
        + " of one in "
        + Duration.ofNanos(interval);
  }
}
