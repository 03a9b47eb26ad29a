package dev.goasync.internal.util;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A spin lock, for critical sections of a few instructions or one system call that never blocks.
 * Not reentrant.
 *
 * <p>Shared by coroutines and loop threads, where a monitor could hang a loop: a released monitor
 * goes to the first waiter. If that is a coroutine, its loop must run it, but the loop's thread may
 * itself block at the same monitor. A spinning thread depends on no scheduler.
 */
public final class SpinLock {
  private static final AtomicIntegerFieldUpdater<SpinLock> HELD =
      AtomicIntegerFieldUpdater.newUpdater(SpinLock.class, "held");

  private volatile int held;

  /** Acquires the lock; spins until it is free. */
  public void lock() {
    while (held != 0 || !HELD.compareAndSet(this, 0, 1)) {
      Thread.onSpinWait();
    }
  }

  /** Releases the lock, which the caller must hold. */
  public void unlock() {
    HELD.lazySet(this, 0);
  }
}
