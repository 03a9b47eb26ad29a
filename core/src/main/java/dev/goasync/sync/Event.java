package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * A flag that callers wait for until it is set.
 *
 * <pre>{@code
 * Event ready = Event.manualReset();
 * GoAsync.goAsync(() -> {
 *   ready.await();
 *   System.out.println("serving");
 * });
 * System.out.println("prepared");
 * ready.set();
 * }</pre>
 *
 * <p>A <em>manual-reset</em> event releases all waiters from {@link #set} until {@link #reset}. An
 * <em>auto-reset</em> event releases one waiter for each {@code set}, the one that has waited
 * longest, and is reset by that. If no caller waits, it stays set and releases the next caller; a
 * second {@code set} before that has no effect.
 *
 * <p>Actions before {@link #set} are visible to the callers that it releases. A cancelled wait does
 * not reset an auto-reset event. Common properties are described in the {@linkplain
 * dev.goasync.sync package documentation}.
 */
public final class Event extends LoopPrimitive {
  private static final int AWAIT = 0;

  private final boolean autoReset;
  private final WaitQueue waiters = new WaitQueue();
  private boolean set;

  private Event(EventLoop home, boolean autoReset) {
    super(home);
    this.autoReset = autoReset;
  }

  /** Creates an event on the current loop that stays set until {@link #reset}. */
  public static Event manualReset() {
    return manualReset(EventLoop.currentOrDefault());
  }

  /** Creates an event on {@code home} that stays set until {@link #reset}. */
  public static Event manualReset(EventLoop home) {
    return new Event(home, false);
  }

  /** Creates an event on the current loop that releases one caller for each {@link #set}. */
  public static Event autoReset() {
    return autoReset(EventLoop.currentOrDefault());
  }

  /** Creates an event on {@code home} that releases one caller for each {@link #set}. */
  public static Event autoReset(EventLoop home) {
    return new Event(home, true);
  }

  /**
   * Waits until the event is set; returns at once if it is.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  public void await() {
    await(AWAIT, null);
  }

  /**
   * Waits until the event is set, at most {@code timeout}; returns at once if it is set.
   *
   * @return whether the event was set; false if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryAwait(Duration timeout) {
    return await(AWAIT, null, nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  /** Sets the event and wakes the waiters that it releases. Never waits for them. */
  public void set() {
    call(() -> {
      set = true;
      for (Waiter next = waiters.poll(); next != null; next = set ? waiters.poll() : null) {
        releaseOne(next);
      }
      return this;
    });
  }

  /** Resets the event. No effect if it is not set. */
  public void reset() {
    call(() -> {
      set = false;
      return this;
    });
  }

  /** Returns whether the event is set. */
  public boolean isSet() {
    return call(() -> set);
  }

  // ---- operations; home loop ----

  @Override
  void begin(Waiter waiter) {
    if (set) {
      releaseOne(waiter);
    } else {
      waiters.add(waiter);
    }
  }

  private void releaseOne(Waiter waiter) {
    set = !autoReset;
    waiter.end(Waiter.Outcome.DONE);
  }

  @Override
  String describe(Waiter waiter) {
    return this + " to be set";
  }

  // ---- statistics ----

  /**
   * The state and the counters of an event at one moment.
   *
   * @param set whether the event is set
   * @param waiting how many callers wait
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(boolean set, int waiting, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() -> new Statistics(set, waiters.size(), suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "event@" + Integer.toHexString(hashCode());
  }
}
