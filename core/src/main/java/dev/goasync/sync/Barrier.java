package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * A point that a fixed number of coroutines or threads pass together, repeatedly, like the JDK's
 * {@code CyclicBarrier}.
 *
 * <pre>{@code
 * int workers = 4;
 * Barrier endOfStep = new Barrier(workers);
 * for (int i = 0; i < workers; i++) {
 *   int worker = i;
 *   GoAsync.goAsync(() -> {
 *     for (int step = 0; step < 10; step++) {
 *       System.out.println("worker " + worker + " computes step " + step);
 *       endOfStep.await();      // the next step starts when all workers have ended this one
 *     }
 *   });
 * }
 * }</pre>
 *
 * <p>Actions before the barrier are visible to all callers after it. The waiting callers proceed in
 * the order of their arrival. A caller that is cancelled, or whose timeout expires, leaves the
 * barrier unbroken: the remaining callers wait for one more. Common properties are described in the
 * {@linkplain dev.goasync.sync package documentation}.
 */
public final class Barrier extends LoopPrimitive {
  private static final int AWAIT = 0;

  private final int parties;
  private final WaitQueue waiters = new WaitQueue();
  private long trips;

  /**
   * Creates a barrier on the current loop.
   *
   * @param parties how many callers pass together
   * @throws IllegalArgumentException if {@code parties} is not positive
   */
  public Barrier(int parties) {
    this(EventLoop.currentOrDefault(), parties);
  }

  /**
   * Creates a barrier on {@code home}.
   *
   * @param parties how many callers pass together
   * @throws IllegalArgumentException if {@code parties} is not positive
   */
  public Barrier(EventLoop home, int parties) {
    super(home);
    if (parties < 1) {
      throw new IllegalArgumentException("parties must be positive: " + parties);
    }
    this.parties = parties;
  }

  /**
   * Waits until all parties have arrived.
   *
   * @return the arrival index, from 0; the caller with the highest index arrived last, and can
   *     perform an action that is needed once for each trip
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public int await() {
    return (Integer) await(AWAIT, null);
  }

  /**
   * Waits until all parties have arrived, at most {@code timeout}.
   *
   * @return the arrival index, from 0, or -1 if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public int tryAwait(Duration timeout) {
    return await(AWAIT, null, nanos(timeout)) instanceof Integer index ? index : -1;
  }

  // ---- operations; home loop ----

  @Override
  void begin(Waiter waiter) {
    int index = waiters.size();
    if (index < parties - 1) {
      waiters.add(waiter);
      return;
    }
    trips++;
    int earlier = 0;
    for (Waiter each = waiters.poll(); each != null; each = waiters.poll()) {
      each.end(earlier++);
    }
    waiter.end(index);
  }

  @Override
  String describe(Waiter waiter) {
    return (parties - waiters.size()) + " more at " + this;
  }

  // ---- statistics ----

  /**
   * The state and the counters of a barrier at one moment.
   *
   * @param parties how many callers pass together
   * @param waiting how many callers have arrived and wait
   * @param trips how many times all parties have passed
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(int parties, int waiting, long trips, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() -> new Statistics(parties, waiters.size(), trips, suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "barrier@" + Integer.toHexString(hashCode()) + " of " + parties;
  }
}
