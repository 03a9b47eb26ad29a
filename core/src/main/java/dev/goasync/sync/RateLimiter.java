package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Admits {@code count} calls per period, evenly spaced, after an initial burst.
 *
 * <pre>{@code
 * RateLimiter limiter = new RateLimiter(100, Duration.ofSeconds(1), 10);
 * for (int i = 0; i < 50; i++) {
 *   limiter.acquire();                  // the first 10 at once, then one each 10 ms
 *   System.out.println("request " + i);
 * }
 * }</pre>
 *
 * <p>The limiter uses the home loop's clock. Calls are admitted in the order in which they came. A
 * cancelled wait does not count as admitted. Common properties are described in the {@linkplain
 * dev.goasync.sync package documentation}.
 */
public final class RateLimiter extends LoopPrimitive {
  private static final int ACQUIRE = 0;

  private final long interval;
  private final int burst;
  private final WaitQueue waiters = new WaitQueue();

  // A token bucket: a call takes a token; a token is added each interval until the bucket is full.
  // Times are compared by their difference, and no sum is further from now than an interval, so
  // nothing can overflow, however large the burst and the period are.
  private int tokens;

  /** When the next token is added; without meaning while the bucket is full. */
  private long nextToken;

  private long admitted;

  /** Runs while callers wait, until the first of them can be admitted. */
  private final LoopTimer timer =
      new LoopTimer() {
        @Override
        protected void fire() {
          serve();
        }
      };

  /**
   * Creates a limiter on the current loop.
   *
   * @param count how many calls are admitted in {@code period}, in the long run
   * @param period the period
   * @param burst how many calls are admitted at once after a pause
   * @throws IllegalArgumentException if {@code count} or {@code burst} is not positive, or {@code
   *     period} is shorter than a nanosecond for each call
   */
  public RateLimiter(int count, Duration period, int burst) {
    this(EventLoop.currentOrDefault(), count, period, burst);
  }

  /**
   * Creates a limiter on {@code home}.
   *
   * @param count how many calls are admitted in {@code period}, in the long run
   * @param period the period
   * @param burst how many calls are admitted at once after a pause
   * @throws IllegalArgumentException if {@code count} or {@code burst} is not positive, or {@code
   *     period} is shorter than a nanosecond for each call
   */
  public RateLimiter(EventLoop home, int count, Duration period, int burst) {
    super(home);
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive: " + count);
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst must be positive: " + burst);
    }
    interval = Durations.toNanos(period, "period") / count;
    if (interval < 1) {
      throw new IllegalArgumentException(
          "period must be at least a nanosecond for each of " + count + " calls: " + period);
    }
    this.burst = burst;
    tokens = burst;
  }

  /**
   * Waits until the call is admitted.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void acquire() {
    await(ACQUIRE, null);
  }

  /**
   * Admits the call if that is possible at once.
   *
   * @return whether the call was admitted
   */
  public boolean tryAcquire() {
    return call(this::admit);
  }

  /**
   * Waits at most {@code timeout} until the call is admitted.
   *
   * @return whether the call was admitted; false if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryAcquire(Duration timeout) {
    return await(ACQUIRE, null, nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  // ---- operations; home loop ----

  @Override
  void begin(Waiter waiter) {
    if (admit()) {
      waiter.end(Waiter.Outcome.DONE);
      return;
    }
    waiters.add(waiter);
    if (waiters.size() == 1) {
      home.addTimer(timer, nextToken);
    }
  }

  private boolean admit() {
    return waiters.isEmpty() && admitNext();
  }

  private boolean admitNext() {
    long now = home.time().nanoTime();
    addTokens(now);
    if (tokens == 0) {
      return false;
    }
    if (tokens == burst) {
      nextToken = now + interval;
    }
    tokens--;
    admitted++;
    return true;
  }

  /** Adds the tokens that were due until {@code now}. */
  private void addTokens(long now) {
    long late = now - nextToken;
    if (tokens == burst || late < 0) {
      return;
    }
    long due = late / interval + 1;
    if (due >= burst - tokens) {
      tokens = burst;
    } else {
      tokens += (int) due;
      nextToken += due * interval;
    }
  }

  private void serve() {
    for (Waiter first = waiters.peek(); first != null; first = waiters.peek()) {
      if (!admitNext()) {
        home.addTimer(timer, nextToken);
        return;
      }
      waiters.remove(first);
      first.end(Waiter.Outcome.DONE);
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
  boolean isTimed(Waiter waiter) {
    return true;
  }

  @Override
  String describe(Waiter waiter) {
    return "admission by " + this;
  }

  // ---- statistics ----

  /**
   * The state and the counters of a limiter at one moment.
   *
   * @param waiting how many callers wait
   * @param admitted how many calls have been admitted
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int waiting, long admitted, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() -> new Statistics(waiters.size(), admitted, suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "rate limiter@"
        + Integer.toHexString(hashCode())
        + " of one in "
        + Duration.ofNanos(interval);
  }
}
