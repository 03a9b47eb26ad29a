package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.util.SpinLock;

/**
 * How other threads wake a loop that waits in the kernel: they count up an event counter that the
 * loop's wait includes, edge by edge. Each increment is an event of its own, so the counter is
 * never read back.
 */
public final class WakeEvent {
  private final int fd;

  /** Errno and memory of the signallers, who hold the lock. */
  private final SystemCalls calls = new SystemCalls();

  private final SpinLock lock = new SpinLock();
  private boolean closed;

  /** Takes over an event counter. */
  public WakeEvent(int fd) {
    this.fd = fd;
  }

  /** The counter's descriptor, to wait for. */
  public int fd() {
    return fd;
  }

  /** Wakes the loop. Any thread; only one does for each of the loop's sleeps. */
  public void signal() {
    lock.lock();
    if (!closed) {
      calls.signalEvent(fd);
    }
    lock.unlock();
  }

  /** From now on {@link #signal} does nothing. */
  public void close(SystemCalls ours) {
    lock.lock();
    closed = true;
    ours.close(fd);
    lock.unlock();
  }
}
