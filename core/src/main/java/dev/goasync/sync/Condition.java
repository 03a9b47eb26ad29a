package dev.goasync.sync;

import dev.goasync.internal.loop.Fiber;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A condition variable of a {@link Mutex}: holders of the lock wait for a signal and release the
 * lock meanwhile.
 *
 * <pre>{@code
 * Mutex mutex = new Mutex();
 * Condition notEmpty = mutex.newCondition();
 * Deque<String> queue = new ArrayDeque<>();
 * Task<String> consumer =
 *     GoAsync.goAsync(() ->
 *         mutex.withLock(() -> {
 *           while (queue.isEmpty()) {
 *             notEmpty.await();
 *           }
 *           return queue.remove();
 *         }));
 * mutex.withLock(() -> {
 *   queue.add("a");
 *   notEmpty.signal();
 * });
 * }</pre>
 *
 * <p>There are no spurious wake-ups. Between the signal and the return other callers can have held
 * the lock, so check the condition again in a loop. Waiters are signalled in the order in which
 * they came.
 *
 * <p>A wait always returns with the lock held, also when it is cancelled, interrupted or times out.
 * A waiter that was signalled before it was cancelled returns normally, so no signal is lost.
 */
public final class Condition extends LoopPrimitive {
  private static final int AWAIT = 0;

  private final Mutex mutex;
  private final WaitQueue waiters = new WaitQueue();
  private long signals;

  Condition(Mutex mutex) {
    super(mutex);
    this.mutex = mutex;
  }

  /**
   * Releases the lock, waits for a signal and acquires the lock again.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     the caller holds the lock then, too
   */
  public void await() {
    await(AWAIT, caller());
  }

  /**
   * Releases the lock, waits for a signal at most {@code timeout} and acquires the lock again. The
   * wait for the lock is not limited.
   *
   * @return whether the caller was signalled; false if the timeout expired
   * @throws IllegalStateException if the caller does not hold the lock
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     the caller holds the lock then, too
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryAwait(Duration timeout) {
    return await(AWAIT, caller(), nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  /**
   * Wakes the caller that has waited longest, if any. It proceeds when it gets the lock.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   */
  public void signal() {
    Object caller = caller();
    call(() -> {
      mutex.checkHeldBy(caller, "signal a condition of");
      signalOne();
      return this;
    });
  }

  /**
   * Wakes all waiting callers. Each proceeds when it gets the lock.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   */
  public void signalAll() {
    Object caller = caller();
    call(() -> {
      mutex.checkHeldBy(caller, "signal a condition of");
      while (!waiters.isEmpty()) {
        signalOne();
      }
      return this;
    });
  }

  // ---- operations; home loop. A waiter is first in this queue, then in the mutex's. ----

  @Override
  void begin(Waiter waiter) {
    mutex.checkHeldBy(Objects.requireNonNull(waiter.argument), "await a condition of");
    mutex.release();
    waiters.add(waiter);
  }

  private void signalOne() {
    Waiter waiter = waiters.poll();
    if (waiter != null) {
      signals++;
      mutex.enter(waiter);
    }
  }

  /**
   * A waiter that gives up still needs the lock, and gets {@code answer} with it. A waiter that was
   * signalled only waits for the lock; its answer does not change.
   */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    if (waiter.queue == waiters) {
      waiters.remove(waiter);
      waiter.answerWithLock = answer;
      mutex.enter(waiter);
    }
  }

  @Override
  @Nullable Fiber blocker(Waiter waiter) {
    return waiter.queue == waiters ? null : mutex.blocker(waiter);
  }

  @Override
  String describe(Waiter waiter) {
    return waiter.queue == waiters ? "a signal of " + this : mutex.describe(waiter);
  }

  // ---- statistics ----

  /**
   * The state and the counters of a condition at one moment.
   *
   * @param waiting how many callers wait for a signal
   * @param signals how many callers were signalled
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int waiting, long signals, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() -> new Statistics(waiters.size(), signals, suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "condition@" + Integer.toHexString(hashCode()) + " of " + mutex;
  }
}
