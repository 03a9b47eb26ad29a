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
 * A mutual exclusion lock: one coroutine or thread holds it at a time.
 *
 * <p>Between two waits a coroutine needs no lock against coroutines of its own loop. It needs one
 * to exclude them during a wait, such as between a request and its response:
 *
 * <pre>{@code
 * Mutex lock = new Mutex();
 * Channel<String> requests = Channel.rendezvous();
 * Channel<String> responses = Channel.rendezvous();
 * String response =
 *     lock.withLock(() -> {
 *       requests.send("request");
 *       return responses.receive();     // the response to this request
 *     });
 * }</pre>
 *
 * <p>The lock is not reentrant: {@code lock} throws if the caller holds it already. Unlocking
 * passes the lock to the caller that has waited longest. Actions of a holder are visible to the
 * next one. A cancelled wait never keeps the lock. Common properties are described in the
 * {@linkplain dev.goasync.sync package documentation}.
 */
public final class Mutex extends LoopPrimitive {
  private static final int LOCK = 0;

  private final WaitQueue waiters = new WaitQueue();
  private boolean locked;

  /**
   * The holder; while unlocked, the last holder. It is not cleared, so that a coroutine that locks
   * repeatedly writes no reference: the garbage collector's write barrier would cost more than the
   * rest.
   */
  private @Nullable Object holder;

  private long acquisitions;

  /** Creates an unlocked mutex on the current loop. */
  public Mutex() {
    this(EventLoop.currentOrDefault());
  }

  /** Creates an unlocked mutex on {@code home}. */
  public Mutex(EventLoop home) {
    super(home);
  }

  /**
   * Locks, runs {@code body} and unlocks.
   *
   * @return the result of the body
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <T extends @Nullable Object, X extends Exception> T withLock(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    lock();
    try {
      return body.call();
    } finally {
      unlock();
    }
  }

  /**
   * Locks, runs {@code body} and unlocks.
   *
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
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
   * Acquires the lock; waits until it is free.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   * @throws DeadlockException if the holder waits, directly or through others, for the caller
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
   * Acquires the lock if it is free.
   *
   * @return whether the lock was acquired; false also if the caller holds it already
   */
  public boolean tryLock() {
    Object caller = caller();
    return call(() -> {
      if (locked) {
        return false;
      }
      take(caller);
      return true;
    });
  }

  /**
   * Acquires the lock; waits for it at most {@code timeout}.
   *
   * @return whether the lock was acquired; false if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLock(Duration timeout) {
    return await(LOCK, caller(), nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  /**
   * Releases the lock, or passes it to the caller that has waited longest. Never waits for the
   * lock, so a cancelled coroutine can call it.
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
    call(() -> {
      checkHeldBy(caller, "unlock");
      release();
      return this;
    });
  }

  /** Returns whether the caller holds the lock. */
  public boolean isHeldByCaller() {
    Object caller = caller();
    return call(() -> isHeldBy(caller));
  }

  /** Creates a condition variable for holders of this lock. */
  public Condition newCondition() {
    return new Condition(this);
  }

  // ---- operations; home loop ----

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

  /** Grants the lock to a waiter of this mutex or of a condition, now or when it is free. */
  void enter(Waiter waiter) {
    if (locked) {
      waiters.add(waiter);
    } else {
      grant(waiter);
    }
  }

  private void grant(Waiter waiter) {
    take(Objects.requireNonNull(waiter.argument));
    waiter.end(waiter.answerWithLock != null ? waiter.answerWithLock : Waiter.Outcome.DONE);
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
      String state = locked && holder != null ? name(holder) + " holds it" : "it is not locked";
      throw new IllegalStateException(
          name(caller) + " cannot " + operation + " " + this + ": " + state);
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

  // ---- statistics ----

  /**
   * The state and the counters of a mutex at one moment.
   *
   * @param locked whether the lock is held
   * @param waiting how many callers wait for the lock
   * @param acquisitions how many times the lock was acquired
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      boolean locked, int waiting, long acquisitions, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(
        () -> new Statistics(locked, waiters.size(), acquisitions, suspensions, remoteCalls));
  }

  @Override
  public String toString() {
    return "mutex@" + Integer.toHexString(hashCode());
  }
}
