package dev.goasync.sync;

import dev.goasync.internal.loop.Fiber;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Something that holders of a {@link Mutex} wait for, with the lock given up meanwhile.
 *
 * <pre>{@code
 * Condition notEmpty = mutex.newCondition();
 * mutex.withLock(() -> {
 *   while (queue.isEmpty()) {
 *     notEmpty.await();
 *   }
 *   return queue.remove();
 * });
 * }</pre>
 *
 * <p>There are no wake-ups without a signal, but between the signal and the return others may have
 * held the lock, so check again in a loop. Those who wait are signalled in the order in which they
 * came. Who waits comes back with the lock, in whichever way the wait ends, and a signal is never
 * lost in one who is cancelled: who was signalled returns normally.
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
   * Gives up the lock, waits for a signal and takes the lock again.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     the caller holds the lock then, too
   */
  public void await() {
    await(AWAIT, caller());
  }

  /**
   * Like {@link #await()}, for a limited time.
   *
   * @return false if the time was over first; the caller holds the lock then, too
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean await(Duration timeout) {
    return await(AWAIT, caller(), nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /**
   * Wakes the one who has waited longest, if anybody waits; it goes on when it gets the lock.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   */
  public void signal() {
    Object caller = caller();
    call(
        () -> {
          mutex.checkHeldBy(caller, "signal a condition of");
          signalOne();
          return this;
        });
  }

  /**
   * Wakes all who wait; each goes on when it gets the lock.
   *
   * @throws IllegalStateException if the caller does not hold the lock
   */
  public void signalAll() {
    Object caller = caller();
    call(
        () -> {
          mutex.checkHeldBy(caller, "signal a condition of");
          while (!waiters.isEmpty()) {
            signalOne();
          }
          return this;
        });
  }

  // ---- the home loop's side: a waiter waits here for a signal, then at the mutex for the lock
  // ----

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

  /** Who gives up needs the lock all the same; who has been signalled just waits for it. */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    if (waiter.queue == waiters) {
      waiters.remove(waiter);
      waiter.verdict = answer;
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

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param waiting how many wait for a signal now
   * @param signals how many were signalled
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int waiting, long signals, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(waiters.size(), signals, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "condition@" + Integer.toHexString(hashCode()) + " of " + mutex;
  }
}
