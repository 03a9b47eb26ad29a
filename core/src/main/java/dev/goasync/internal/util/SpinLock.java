package dev.goasync.internal.util;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A lock for a few instructions, or a system call that never blocks. Not reentrant.
 *
 * <p>Where coroutines and their loop's thread meet, a monitor can hang the loop: one that is set
 * free is left to whoever waits first, and if that is a coroutine, its loop must run it, which may
 * stand at the same monitor itself. Who spins needs nobody.
 */
public final class SpinLock {
  private static final AtomicIntegerFieldUpdater<SpinLock> HELD =
      AtomicIntegerFieldUpdater.newUpdater(SpinLock.class, "held");

  private volatile int held;

  /** Waits until nobody holds it. */
  public void lock() {
    while (held != 0 || !HELD.compareAndSet(this, 0, 1)) {
      Thread.onSpinWait();
    }
  }

  /** Sets it free. */
  public void unlock() {
    HELD.lazySet(this, 0);
  }
}
