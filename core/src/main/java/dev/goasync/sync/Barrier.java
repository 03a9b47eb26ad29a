package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * A point that a number of coroutines, or threads, pass together, again and again.
 *
 * <pre>{@code
 * Barrier endOfStep = new Barrier(workers);
 * for (int step = 0; step < STEPS; step++) {
 *   compute(step);
 *   endOfStep.await();                  // nobody begins the next step before all ended this one
 * }
 * }</pre>
 *
 * <p>What was done before the barrier is visible to all behind it. They go on in the order in which
 * they came. Who is cancelled, or whose time is over, while it waits leaves, as if it had not come:
 * the others wait for one more. The {@linkplain dev.goasync.sync package's description} says what
 * else holds.
 */
public final class Barrier extends LoopPrimitive {
  private static final int AWAIT = 0;

  private final int parties;
  private final WaitQueue waiters = new WaitQueue();
  private long passages;

  /**
   * A barrier that lives on the current loop.
   *
   * @throws IllegalArgumentException if {@code parties} is less than 1
   */
  public Barrier(int parties) {
    this(EventLoop.currentOrDefault(), parties);
  }

  /** Like {@link #Barrier(int)}, with a home loop that is given. */
  public Barrier(EventLoop home, int parties) {
    super(home);
    if (parties < 1) {
      throw new IllegalArgumentException("parties are less than 1: " + parties);
    }
    this.parties = parties;
  }

  /**
   * Waits until all are there.
   *
   * @return the place in the order of arrival, from 0; who gets the last one completed the round,
   *     and may do what has to be done once
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public int await() {
    return (Integer) await(AWAIT, null);
  }

  /**
   * Like {@link #await()}, for a limited time.
   *
   * @return the place in the order of arrival, or -1 if the time was over first
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public int await(Duration timeout) {
    return await(AWAIT, null, nanos(timeout)) instanceof Integer place ? place : -1;
  }

  // ---- the home loop's side ----

  @Override
  void begin(Waiter waiter) {
    int place = waiters.size();
    if (place < parties - 1) {
      waiters.add(waiter);
      return;
    }
    passages++;
    int earlier = 0;
    for (Waiter each = waiters.poll(); each != null; each = waiters.poll()) {
      each.end(earlier++);
    }
    waiter.end(place);
  }

  @Override
  String describe(Waiter waiter) {
    return (parties - waiters.size()) + " more at " + this;
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param parties how many pass together
   * @param waiting how many are there now
   * @param passages how many times the barrier was passed
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int parties, int waiting, long passages, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(parties, waiters.size(), passages, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "barrier@" + Integer.toHexString(hashCode()) + " of " + parties;
  }
}
