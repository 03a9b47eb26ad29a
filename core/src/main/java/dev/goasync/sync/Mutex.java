package dev.goasync.sync;

import dev.goasync.Action;
import dev.goasync.Body;
import dev.goasync.DeadlockException;
import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one coroutine, or thread, holds at a time. Coroutines of one loop need none for what
 * they do between two waits; they need one to keep others out across a wait.
 *
 * <pre>{@code
 * Mutex turns = new Mutex();
 * turns.withLock(() -> {
 *   connection.writeAll(request);
 *   return connection.readLine();       // nobody else's answer
 * });
 * }</pre>
 *
 * <p>Not reentrant: a holder that locks again is told so. Unlocking hands the lock to whoever has
 * waited longest, and what the holder did is visible to the next one. A cancelled wait never keeps
 * the lock. The {@linkplain dev.goasync.sync package's description} says what else holds.
 */
public final class Mutex extends LoopPrimitive {
  private static final int LOCK = 0;

  private final WaitQueue waiters = new WaitQueue();
  private boolean locked;

  /**
   * The holder; while unlocked, the one before. Not cleared, so that a coroutine which locks again
   * and again writes no reference, whose barrier would cost more than the rest.
   */
  private @Nullable Object holder;

  private long acquisitions;

  /** A mutex that lives on the current loop. */
  public Mutex() {
    this(EventLoop.currentOrDefault());
  }

  /** A mutex that lives on {@code home}. */
  public Mutex(EventLoop home) {
    super(home);
  }

  /**
   * Runs {@code body} while the caller holds the lock.
   *
   * @throws X what the body throws
   * @throws CancellationException as {@link #lock} does
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <T extends @Nullable Object, X extends Exception> T withLock(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    try {
      return body.run();
    } finally {
      unlock();
    }
  }

  /** Like {@link #withLock(Body)}, for a body without result. */
  public <X extends Exception> void withLock(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    try {
      body.run();
    } finally {
      unlock();
    }
  }

  /**
   * Takes the lock; waits until it is free.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   * @throws DeadlockException if the holder waits, in the end, for the caller
   */
  public void lock() {
    Fiber fiber = fiberAtHome();
    if (fiber != null && !locked) {
      fiber.checkCancelled();
      take(fiber);
    } else {
      await(LOCK, caller());
    }
  }

  /**
   * Takes the lock if it is free.
   *
   * @return whether it was
   */
  public boolean tryLock() {
    Object caller = caller();
    return call(
        () -> {
          if (locked) {
            return false;
          }
          take(caller);
          return true;
        });
  }

  /**
   * Like {@link #lock}, for a limited time.
   *
   * @return whether the caller holds the lock now
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLock(Duration timeout) {
    return await(LOCK, caller(), nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /**
   * Gives the lock to whoever has waited longest, or frees it. Never waits for the lock, so also a
   * cancelled coroutine can.
   *
   * @throws IllegalStateException if the caller does not hold it
   */
  public void unlock() {
    Fiber fiber = fiberAtHome();
    if (fiber != null && locked && holder == fiber) {
      release();
      return;
    }
    Object caller = caller();
    call(
        () -> {
          checkHeldBy(caller, "unlock");
          release();
          return this;
        });
  }

  /** Whether the caller holds the lock. */
  public boolean isHeldByCaller() {
    Object caller = caller();
    return call(() -> isHeldBy(caller));
  }

  /** A condition to wait for while the lock is given up. */
  public Condition newCondition() {
    return new Condition(this);
  }

  // ---- the home loop's side ----

  @Override
  void begin(Waiter waiter) {
    Object caller = Objects.requireNonNull(waiter.argument);
    if (isHeldBy(caller)) {
      throw new IllegalStateException(name(caller) + " holds " + this + " already");
    }
    waiter.refuseCycle();
    enter(waiter);
  }

  @Override
  @Nullable Fiber blocker(Waiter waiter) {
    return locked && holder instanceof Fiber fiber ? fiber : null;
  }

  /** Lets a waiter, of this mutex or of a condition, have the lock now or in its turn. */
  void enter(Waiter waiter) {
    if (locked) {
      waiters.add(waiter);
    } else {
      grant(waiter);
    }
  }

  private void grant(Waiter waiter) {
    take(Objects.requireNonNull(waiter.argument));
    waiter.end(waiter.verdict != null ? waiter.verdict : Waiter.DONE);
  }

  private void take(Object caller) {
    locked = true;
    acquisitions++;
    if (holder != caller) {
      holder = caller;
    }
  }

  void release() {
    locked = false;
    Waiter next = waiters.poll();
    if (next != null) {
      grant(next);
    }
  }

  private boolean isHeldBy(Object caller) {
    return locked && holder == caller;
  }

  void checkHeldBy(Object caller, String operation) {
    if (!isHeldBy(caller)) {
      String whose = locked && holder != null ? name(holder) + " holds it" : "nobody holds it";
      throw new IllegalStateException(
          name(caller) + " cannot " + operation + " " + this + ": " + whose);
    }
  }

  static String name(Object caller) {
    return caller instanceof Fiber fiber
        ? fiber.describe()
        : "thread \"" + ((Thread) caller).getName() + "\"";
  }

  @Override
  String describe(Waiter waiter) {
    return this + (locked && holder != null ? ", held by " + name(holder) : "");
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param locked whether the lock is held now
   * @param waiting how many wait for it now
   * @param acquisitions how many times it was taken
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      boolean locked, int waiting, long acquisitions, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(() -> new Statistics(locked, waiters.size(), acquisitions, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "mutex@" + Integer.toHexString(hashCode());
  }
}
