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
 * A lock that either several hold to read, or one to write.
 *
 * <pre>{@code
 * ReadWriteLock lock = new ReadWriteLock();
 * Page page = lock.withReadLock(() -> cache.find(key));
 * lock.withWriteLock(() -> cache.replace(key, page));
 * }</pre>
 *
 * <p>All wait in one row: readers that come after a waiting writer wait behind it, so neither
 * starves. Not reentrant: who holds it in either way and locks again, be it to upgrade, is told so.
 * What a writer did is visible to all who hold the lock after it. A cancelled wait never keeps the
 * lock. The {@linkplain dev.goasync.sync package's description} says what else holds.
 */
public final class ReadWriteLock extends LoopPrimitive {
  private static final int READ = 0;
  private static final int WRITE = 1;

  private final WaitQueue waiters = new WaitQueue();
  private final Set<Object> readers = new HashSet<>();
  private @Nullable Object writer;
  private long acquisitions;

  /** A lock that lives on the current loop. */
  public ReadWriteLock() {
    this(EventLoop.currentOrDefault());
  }

  /** A lock that lives on {@code home}. */
  public ReadWriteLock(EventLoop home) {
    super(home);
  }

  /**
   * Runs {@code body} while the caller holds the lock to read.
   *
   * @throws X what the body throws
   */
  public <T extends @Nullable Object, X extends Exception> T withReadLock(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    lockRead();
    try {
      return body.run();
    } finally {
      unlock();
    }
  }

  /** Like {@link #withReadLock(Body)}, for a body without result. */
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
   * Runs {@code body} while the caller holds the lock to write.
   *
   * @throws X what the body throws
   */
  public <T extends @Nullable Object, X extends Exception> T withWriteLock(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    lockWrite();
    try {
      return body.run();
    } finally {
      unlock();
    }
  }

  /** Like {@link #withWriteLock(Body)}, for a body without result. */
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
   * Takes the lock to read; waits while somebody writes, or waits to.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   */
  public void lockRead() {
    await(READ, caller());
  }

  /**
   * Takes the lock to write; waits while somebody holds it.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller holds the lock already
   */
  public void lockWrite() {
    await(WRITE, caller());
  }

  /**
   * Like {@link #lockRead}, for a limited time.
   *
   * @return whether the caller holds the lock now
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLockRead(Duration timeout) {
    return await(READ, caller(), nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /**
   * Like {@link #lockWrite}, for a limited time.
   *
   * @return whether the caller holds the lock now
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public boolean tryLockWrite(Duration timeout) {
    return await(WRITE, caller(), nanos(timeout)) != Waiter.TIMED_OUT;
  }

  /**
   * Gives up the lock that the caller holds, in whichever way.
   *
   * @throws IllegalStateException if the caller does not hold it
   */
  public void unlock() {
    Object caller = caller();
    call(
        () -> {
          if (writer == caller) {
            writer = null;
          } else if (!readers.remove(caller)) {
            throw new IllegalStateException(Mutex.name(caller) + " does not hold " + this);
          }
          serve();
          return this;
        });
  }

  // ---- the home loop's side ----

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
      first.end(Waiter.DONE);
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

  /** A writer that gives up may have held up readers. */
  @Override
  void withdraw(Waiter waiter, Object answer) {
    super.withdraw(waiter, answer);
    serve();
  }

  @Override
  String describe(Waiter waiter) {
    Object holder = writer != null ? writer : readers.stream().findFirst().orElse(null);
    return this
        + (waiter.operation == READ ? " to read" : " to write")
        + (holder == null ? "" : ", held by " + Mutex.name(holder))
        + (readers.size() > 1 ? " and " + (readers.size() - 1) + " more" : "");
  }

  // ---- looking ----

  /**
   * A moment's figures.
   *
   * @param readers how many hold it to read
   * @param written whether somebody holds it to write
   * @param waiting how many wait for it
   * @param acquisitions how many times it was taken
   * @param waits how many operations had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(
      int readers, boolean written, int waiting, long acquisitions, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    return call(
        () ->
            new Statistics(
                readers.size(), writer != null, waiters.size(), acquisitions, waits, remoteCalls));
  }

  @Override
  public String toString() {
    return "read-write lock@" + Integer.toHexString(hashCode());
  }
}
