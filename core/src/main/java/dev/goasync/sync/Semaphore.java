package dev.goasync.sync;

import dev.goasync.Action;
import dev.goasync.Body;
import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many callers hold a permit at once.
 *
 * <pre>{@code
 * Semaphore connections = new Semaphore(10);
 * for (int i = 0; i < 100; i++) {
 *   int page = i;
 *   GoAsync.goAsync(() -> connections.withPermit(() -> System.out.println("fetch " + page)));
 * }
 * }</pre>
 *
 * <p>Permits are given in the order of the requests: a later request for few permits does not
 * overtake an earlier one for many. Any caller can release, not only the one that acquired. Actions
 * before a release are visible to the caller that gets the permit. A cancelled request takes no
 * permit. The number of permits can be {@linkplain #setMaxPermits changed} at any time. Common
 * properties are described in the {@linkplain dev.goasync.sync package documentation}.
 */
public final class Semaphore extends LoopPrimitive {
  private final WaitQueue waiters = new WaitQueue();
  private int maxPermits;

  /** Available permits; negative while callers hold more than {@link #maxPermits} permits. */
  private int permits;

  private long acquisitions;

  /** Null without {@code -Dgoasync.trace=true}. */
  private final @Nullable PermitHolders holders = PermitHolders.ifTraced();

  /**
   * Creates a semaphore on the current loop with all its permits available.
   *
   * @throws IllegalArgumentException if {@code permits} is not positive
   */
  public Semaphore(int permits) {
    this(EventLoop.currentOrDefault(), checkPositive("permits", permits), permits);
  }

  /**
   * Creates a semaphore on {@code home}.
   *
   * @param permits how many permits are available at first
   * @param maxPermits how many permits can be available at most
   * @throws IllegalArgumentException if {@code maxPermits} is not positive, or {@code permits} is
   *     negative or greater than {@code maxPermits}
   */
  public Semaphore(EventLoop home, int permits, int maxPermits) {
    super(home);
    checkPositive("maxPermits", maxPermits);
    if (permits < 0 || permits > maxPermits) {
      throw new IllegalArgumentException(
          "permits must be from 0 to " + maxPermits + ": " + permits);
    }
    this.permits = permits;
    this.maxPermits = maxPermits;
  }

  private static int checkPositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
    return value;
  }

  /**
   * Acquires a permit, runs {@code body} and releases the permit.
   *
   * @return the result of the body
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the permit
   */
  public <T extends @Nullable Object, X extends Exception> T withPermit(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    try {
      return body.call();
    } finally {
      release();
    }
  }

  /**
   * Acquires a permit, runs {@code body} and releases the permit.
   *
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the permit
   */
  public <X extends Exception> void withPermit(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    try {
      body.run();
    } finally {
      release();
    }
  }

  /**
   * Acquires a permit; waits until one is available.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void acquire() {
    acquire(1);
  }

  /**
   * Acquires several permits at once; waits until all of them are available.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no permit is taken then
   * @throws IllegalArgumentException if {@code count} is not from 1 to the maximum of permits
   */
  public void acquire(int count) {
    await(checkPositive("count", count), null);
    trace(true, count);
  }

  /**
   * Acquires a permit if one is available and no earlier request waits.
   *
   * @return whether the permit was acquired
   */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Acquires several permits if they are available and no earlier request waits.
   *
   * @return whether the permits were acquired
   * @throws IllegalArgumentException if {@code count} is not from 1 to the maximum of permits
   */
  public boolean tryAcquire(int count) {
    checkPositive("count", count);
    return trace(call(() -> take(checkCount(count))), count);
  }

  /**
   * Acquires several permits at once; waits for them at most {@code timeout}.
   *
   * @return whether the permits were acquired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no permit is taken then
   * @throws IllegalArgumentException if {@code count} is not from 1 to the maximum of permits, or
   *     {@code timeout} is negative
   */
  public boolean tryAcquire(int count, Duration timeout) {
    Object answer = await(checkPositive("count", count), null, nanos(timeout));
    return trace(answer != Waiter.Outcome.TIMED_OUT, count);
  }

  /**
   * Releases a permit. Never waits for a permit, so a cancelled coroutine can call it.
   *
   * @throws IllegalStateException if all permits are available already
   */
  public void release() {
    release(1);
  }

  /**
   * Releases several permits. Never waits for a permit, so a cancelled coroutine can call it.
   *
   * @throws IllegalStateException if more permits would be available than the maximum
   * @throws IllegalArgumentException if {@code count} is not positive
   */
  public void release(int count) {
    checkPositive("count", count);
    call(() -> {
      if (count > (long) maxPermits - permits) {
        throw new IllegalStateException(
            "more permits released than acquired: "
                + permits
                + " of "
                + maxPermits
                + " are available already");
      }
      permits += count;
      serve();
      return this;
    });
    if (holders != null) {
      holders.released(count);
    }
  }

  /**
   * Changes the maximum of permits while the semaphore is in use. An increase makes the additional
   * permits available at once. A decrease takes permits away; if callers hold them, it takes effect
   * as they release: until then no permit is available. No holder is interrupted.
   *
   * <p>A waiting request for more permits than the new maximum throws {@link
   * IllegalStateException}. Never waits.
   *
   * <pre>{@code
   * Semaphore requests = new Semaphore(10);
   * requests.setMaxPermits(2);      // the server is overloaded
   * requests.setMaxPermits(20);     // the server has recovered
   * }</pre>
   *
   * @throws IllegalArgumentException if {@code newMaxPermits} is not positive
   */
  public void setMaxPermits(int newMaxPermits) {
    checkPositive("newMaxPermits", newMaxPermits);
    call(() -> {
      permits += newMaxPermits - maxPermits;
      maxPermits = newMaxPermits;
      refuseTooLarge();
      serve();
      return this;
    });
  }

  private boolean trace(boolean acquired, int count) {
    if (holders != null && acquired) {
      holders.acquired(count);
    }
    return acquired;
  }

  /** Home loop. */
  private int checkCount(int count) {
    if (count > maxPermits) {
      throw new IllegalArgumentException("count must be from 1 to " + maxPermits + ": " + count);
    }
    return count;
  }

  /** A request that can never be served would block all later ones. */
  private void refuseTooLarge() {
    for (Waiter each = waiters.peek(); each != null; ) {
      Waiter next = each.next;
      if (each.operation > maxPermits) {
        waiters.remove(each);
        each.end(
            new Waiter.Refused(
                new IllegalStateException(
                    "a request for "
                        + each.operation
                        + " permits waited while their maximum was reduced to "
                        + maxPermits)));
      }
      each = next;
    }
  }

  // ---- operations; home loop. The operation code is the number of permits. ----

  @Override
  void begin(Waiter waiter) {
    if (take(checkCount(waiter.operation))) {
      waiter.end(Waiter.Outcome.DONE);
    } else {
      waiters.add(waiter);
    }
  }

  private boolean take(int count) {
    if (count > permits || !waiters.isEmpty()) {
      return false;
    }
    permits -= count;
    acquisitions += count;
    return true;
  }

  private void serve() {
    for (Waiter first = waiters.peek();
        first != null && first.operation <= permits;
        first = waiters.peek()) {
      waiters.remove(first);
      permits -= first.operation;
      acquisitions += first.operation;
      first.end(Waiter.Outcome.DONE);
    }
  }

  /** A request that leaves can have blocked later requests for fewer permits. */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    super.withdraw(waiter, answer);
    serve();
  }

  @Override
  String describe(Waiter waiter) {
    String what = waiter.operation + " permit(s) of " + this;
    return holders == null ? what : what + ", " + holders;
  }

  // ---- statistics ----

  /**
   * The state and the counters of a semaphore at one moment.
   *
   * @param permits how many permits are available; negative if callers hold more permits than the
   *     maximum, which was reduced
   * @param maxPermits how many permits can be available at most
   * @param waiting how many callers wait
   * @param acquisitions how many permits have been acquired
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int permits,
      int maxPermits,
      int waiting,
      long acquisitions,
      long suspensions,
      long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() ->
        new Statistics(
            permits, maxPermits, waiters.size(), acquisitions, suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "semaphore@" + Integer.toHexString(hashCode()) + " of " + maxPermits;
  }
}
