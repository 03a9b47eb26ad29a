package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Something that happens, and that others wait for.
 *
 * <pre>{@code
 * Event ready = Event.manualReset();
 * goAsync(() -> {
 *   ready.await();
 *   serve();
 * });
 * prepare();
 * ready.set();
 * }</pre>
 *
 * <p>One with <em>manual reset</em> lets all through from {@link #set} to {@link #reset}. One with
 * <em>automatic reset</em> lets one through for each time it is set: the one who has waited
 * longest, or else the next to come; set twice before anybody came, it lets one through.
 *
 * <p>What was done before {@link #set} is visible to those it lets through. A cancelled wait uses
 * up no setting. The {@linkplain dev.goasync.sync package's description} says what else holds.
 */
public final class Event extends LoopPrimitive {
  private static final int AWAIT = 0;

  private final boolean automatic;
  private final WaitQueue waiters = new WaitQueue();
  private boolean set;

  private Event(EventLoop home, boolean automatic) {
    super(home);
    this.automatic = automatic;
  }

  /** An event that stays set until it is reset. */
  public static Event manualReset() {
    return manualReset(EventLoop.currentOrDefault());
  }

  /** Like {@link #manualReset()}, with a home loop that is given. */
  public static Event manualReset(EventLoop home) {
    return new Event(home, false);
  }

  /** An event that each setting of which lets one through. */
  public static Event autoReset() {
    return autoReset(EventLoop.currentOrDefault());
  }

  /** Like {@link #autoReset()}, with a home loop that is given. */
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
   * Like {@link #await()}, for a limited time.
   *
   * @return whether the event was set in time
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean await(Duration timeout) {
    return await(AWAIT, null, nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /** Sets the event, and has those go on whom it lets through. Never waits. */
  public void set() {
    call(
        () -> {
          set = true;
          for (Waiter next = waiters.poll(); next != null; next = set ? waiters.poll() : null) {
            letThrough(next);
          }
          return this;
        });
  }

  /** Takes the setting back, if there is one. Never waits. */
  public void reset() {
    call(
        () -> {
          set = false;
          return this;
        });
  }

  /** Whether the event is set. */
  public boolean isSet() {
    return call(() -> set);
  }

  // ---- the home loop's side ----

  @Override
  void begin(Waiter waiter) {
    if (set) {
      letThrough(waiter);
    } else {
      waiters.add(waiter);
    }
  }

  private void letThrough(Waiter waiter) {
    set = !automatic;
    waiter.end(Waiter.DONE);
  }

  @Override
  String describe(Waiter waiter) {
    return this + " to be set";
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param set whether the event is set
   * @param waiting how many wait now
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(boolean set, int waiting, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(set, waiters.size(), waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "event@" + Integer.toHexString(hashCode());
  }
}
