package dev.goasync.sync;

import dev.goasync.Action;
import dev.goasync.Body;
import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits: as many coroutines, or threads, may do something at a time.
 *
 * <pre>{@code
 * Semaphore connections = new Semaphore(10);
 * for (URI page : pages) {
 *   goAsync(() -> connections.withPermit(() -> fetch(page)));
 * }
 * }</pre>
 *
 * <p>Permits are given in the order in which they were asked for: a request for many is not passed
 * by later ones for few. Any caller may release. What was done before a release is visible to
 * whoever gets the permit. A cancelled request takes none. The {@linkplain dev.goasync.sync
 * package's description} says what else holds.
 */
public final class Semaphore extends LoopPrimitive {
  private final int most;
  private final WaitQueue waiters = new WaitQueue();
  private int permits;
  private long acquisitions;

  /**
   * A semaphore of the current loop, with all its permits free.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1
   */
  public Semaphore(int permits) {
    this(EventLoop.currentOrDefault(), permits, permits);
  }

  /**
   * A semaphore that lives on {@code home}.
   *
   * @param permits how many permits are free at first
   * @param most how many can be free at most
   * @throws IllegalArgumentException if {@code most} is less than 1, or {@code permits} less than 0
   *     or more than {@code most}
   */
  public Semaphore(EventLoop home, int permits, int most) {
    super(home);
    if (most < 1) {
      throw new IllegalArgumentException("permits are less than 1: " + most);
    }
    if (permits < 0 || permits > most) {
      throw new IllegalArgumentException("permits are not in 0 to " + most + ": " + permits);
    }
    this.permits = permits;
    this.most = most;
  }

  /**
   * Runs {@code body} with a permit, which it releases afterwards.
   *
   * @throws X what the body throws
   * @throws CancellationException as {@link #acquire()} does
   */
  public <T extends @Nullable Object, X extends Exception> T withPermit(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    acquire();
    try {
      return body.run();
    } finally {
      release();
    }
  }

  /** Like {@link #withPermit(Body)}, for a body without result. */
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
   * Takes a permit; waits until there is one.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void acquire() {
    acquire(1);
  }

  /**
   * Takes several permits at once; waits until there are as many.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalArgumentException if there can never be as many, or {@code count} is less than 1
   */
  public void acquire(int count) {
    await(check(count), null);
  }

  /**
   * Takes a permit if one is free and nobody waits.
   *
   * @return whether it was taken
   */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes several permits if they are free and nobody waits.
   *
   * @return whether they were taken
   * @throws IllegalArgumentException as {@link #acquire(int)} does
   */
  public boolean tryAcquire(int count) {
    check(count);
    return call(() -> take(count));
  }

  /**
   * Like {@link #acquire(int)}, for a limited time.
   *
   * @return whether the permits were taken
   * @throws IllegalArgumentException also if {@code timeout} is negative
   */
  public boolean tryAcquire(int count, Duration timeout) {
    return await(check(count), null, nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /**
   * Gives back a permit. Never waits for one, so also a cancelled coroutine can.
   *
   * @throws IllegalStateException if more would be released than were acquired
   */
  public void release() {
    release(1);
  }

  /**
   * Gives back several permits.
   *
   * @throws IllegalStateException if more would be released than were acquired
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public void release(int count) {
    check(count);
    call(
        () -> {
          if (count > most - permits) {
            throw new IllegalStateException(
                "more permits released than acquired: " + permits + " of " + most + " are free");
          }
          permits += count;
          serve();
          return this;
        });
  }

  private int check(int count) {
    if (count < 1 || count > most) {
      throw new IllegalArgumentException("permits are not in 1 to " + most + ": " + count);
    }
    return count;
  }

  // ---- the home loop's side: a waiter's operation is how many permits it wants ----

  @Override
  void begin(Waiter waiter) {
    if (take(waiter.operation)) {
      waiter.end(Waiter.DONE);
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
      first.end(Waiter.DONE);
    }
  }

  /** Who gives up may have held up others who want less. */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    super.withdraw(waiter, answer);
    serve();
  }

  @Override
  String describe(Waiter waiter) {
    return waiter.operation + " permit(s) of " + this;
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param permits how many permits are free now
   * @param waiting how many callers wait now
   * @param acquisitions how many permits were given
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int permits, int waiting, long acquisitions, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(permits, waiters.size(), acquisitions, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "semaphore@" + Integer.toHexString(hashCode()) + " of " + most;
  }
}
