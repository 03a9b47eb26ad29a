package dev.goasync.internal.uring;

import dev.goasync.internal.sys.SystemCalls;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How other threads wake a loop that waits in its ring: they count up an event counter that the
 * ring polls all the time (multishot, Linux 5.13). Each increment is an event of its own, so the
 * counter is never read back.
 */
final class Wakeup {
  private final int fd;

  /**
   * A lock that spins, for the moment of a call that never blocks. A monitor would hang loops: one
   * that is free again is left to the thread that comes next, and if that is a coroutine, its loop
   * must run it, which may be waiting for the same monitor itself.
   */
  private final AtomicBoolean locked = new AtomicBoolean();

  /** Errno and memory of the signallers, who hold the lock. */
  private final SystemCalls calls = new SystemCalls();

  /** The ring's operation that polls. Owned by the loop's thread. */
  private @Nullable UringOperation armed;

  private boolean closed;

  Wakeup(int fd) {
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  @Nullable UringOperation armed() {
    return armed;
  }

  void setArmed(UringOperation operation) {
    armed = operation;
  }

  /** Wakes the loop. Any thread; only one does for each of the loop's sleeps. */
  void signal() {
    lock();
    if (!closed) {
      calls.signalEvent(fd);
    }
    locked.set(false);
  }

  /** From now on {@link #signal} does nothing. */
  void close(SystemCalls ours) {
    lock();
    closed = true;
    ours.close(fd);
    locked.set(false);
  }

  private void lock() {
    while (!locked.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }
}
