package dev.goasync.sync;

import dev.goasync.Action;
import dev.goasync.Body;
import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A lock that several readers or one writer can hold.
 *
 * <pre>{@code
 * ReadWriteLock lock = new ReadWriteLock();
 * Map<String, String> cache = new HashMap<>();
 * String value = lock.withReadLock(() -> cache.getOrDefault("key", "none"));
 * lock.withWriteLock(() -> {
 *   cache.put("key", value + "!");
 * });
 * }</pre>
 *
 * <p>Readers and writers wait in one queue: a reader that comes after a waiting writer waits behind
 * it, so neither starves. The lock is not reentrant and cannot be upgraded: a caller that holds it
 * and locks again gets an exception. Actions of a writer are visible to all later holders. A
 * cancelled wait never keeps the lock. Common properties are described in the {@linkplain
 * dev.goasync.sync package documentation}.
 */
public final class ReadWriteLock extends LoopPrimitive {
  private static final int READ = 0;
  private static final int WRITE = 1;

  private final WaitQueue waiters = new WaitQueue();
  private final Set<Object> readers = new HashSet<>();
  private @Nullable Object writer;
  private long acquisitions;

  /** Creates an unlocked lock on the current loop. */
  public ReadWriteLock() {
    this(EventLoop.currentOrDefault());
  }

  /** Creates an unlocked lock on {@code home}. */
  public ReadWriteLock(EventLoop home) {
    super(home);
  }

  /**
   * Acquires the lock for reading, runs {@code body} and unlocks.
   *
   * @return the result of the body
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <T extends @Nullable Object, X extends Exception> T withReadLock(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    lockRead();
    try {
      return body.call();
    } finally {
      unlock();
    }
  }

  /**
   * Acquires the lock for reading, runs {@code body} and unlocks.
   *
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <X extends Exception> void withReadLock(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockRead();
    try {
      body.run();
    } finally {
      unlock();
    }
  }

  /**
   * Acquires the lock for writing, runs {@code body} and unlocks.
   *
   * @return the result of the body
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <T extends @Nullable Object, X extends Exception> T withWriteLock(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    lockWrite();
    try {
      return body.call();
    } finally {
      unlock();
    }
  }

  /**
   * Acquires the lock for writing, runs {@code body} and unlocks.
   *
   * @throws X what the body throws
   * @throws CancellationException if the caller is cancelled, or interrupted, while it waits for
   *     the lock
   * @throws IllegalStateException if the caller holds the lock already
   */
  public <X extends Exception> void withWriteLock(Action<X> body) throws X {
    Objects.requireNonNull(body, "body");
    lockWrite();
    try {
      body.run();
    } finally {
      unlock();
    }
  }

  /**
   * Acquires the lock for reading; waits while a writer holds it or waits for it.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   */
  public void lockRead() {
    await(READ, caller());
  }

  /**
   * Acquires the lock for writing; waits while readers or a writer hold it.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   */
  public void lockWrite() {
    await(WRITE, caller());
  }

  /**
   * Acquires the lock for reading; waits for it at most {@code timeout}.
   *
   * @return whether the lock was acquired; false if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLockRead(Duration timeout) {
    return await(READ, caller(), nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  /**
   * Acquires the lock for writing; waits for it at most {@code timeout}.
   *
   * @return whether the lock was acquired; false if the timeout expired
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLockWrite(Duration timeout) {
    return await(WRITE, caller(), nanos(timeout)) != Waiter.Outcome.TIMED_OUT;
  }

  /**
   * Releases the lock that the caller holds for reading or for writing. Never waits for the lock,
   * so a cancelled coroutine can call it.
   *
   * @throws IllegalStateException if the caller does not hold it
   */
  public void unlock() {
    Object caller = caller();
    call(() -> {
      if (writer == caller) {
        writer = null;
      } else if (!readers.remove(caller)) {
        throw new IllegalStateException(Mutex.name(caller) + " does not hold " + this);
      }
      serve();
      return this;
    });
  }

  // ---- operations; home loop ----

  @Override
  void begin(Waiter waiter) {
    Object caller = Objects.requireNonNull(waiter.argument);
    if (writer == caller || readers.contains(caller)) {
      throw new IllegalStateException(Mutex.name(caller) + " holds " + this + " already");
    }
    waiter.refuseCycle();
    waiters.add(waiter);
    serve();
  }

  @Override
  @Nullable Fiber blocker(Waiter waiter) {
    return writer instanceof Fiber fiber ? fiber : null;
  }

  private void serve() {
    for (Waiter first = waiters.peek();
        first != null && admit(first.operation, Objects.requireNonNull(first.argument));
        first = waiters.peek()) {
      waiters.remove(first);
      acquisitions++;
      first.end(Waiter.Outcome.DONE);
    }
  }

  private boolean admit(int operation, Object caller) {
    if (writer != null || (operation == WRITE && !readers.isEmpty())) {
      return false;
    }
    if (operation == WRITE) {
      writer = caller;
    } else {
      readers.add(caller);
    }
    return true;
  }

  /** A writer that leaves can have blocked readers behind it. */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    super.withdraw(waiter, answer);
    serve();
  }

  @Override
  String describe(Waiter waiter) {
    Object holder = writer != null ? writer : readers.stream().findFirst().orElse(null);
    return this
        + (waiter.operation == READ ? " for reading" : " for writing")
        + (holder == null ? "" : ", held by " + Mutex.name(holder))
        + (readers.size() > 1 ? " and " + (readers.size() - 1) + " more" : "");
  }

  // ---- statistics ----

  /**
   * The state and the counters of a lock at one moment.
   *
   * @param readers how many callers hold the lock for reading
   * @param writeLocked whether a caller holds the lock for writing
   * @param waiting how many callers wait for the lock
   * @param acquisitions how many times the lock was acquired
   * @param suspensions how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int readers,
      boolean writeLocked,
      int waiting,
      long acquisitions,
      long suspensions,
      long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    return call(() ->
        new Statistics(
            readers.size(),
            writer != null,
            waiters.size(),
            acquisitions,
            suspensions,
            remoteCalls));
  }

  @Override
  public String toString() {
    return "read-write lock@" + Integer.toHexString(hashCode());
  }
}
