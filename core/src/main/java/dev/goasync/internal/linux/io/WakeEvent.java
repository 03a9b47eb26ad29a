package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.util.SpinLock;

/**
 * An event counter by which other threads wake a loop that waits in the kernel. The loop waits for
 * it edge-triggered. Each increment is an event, so the counter is never read.
 */
public final class WakeEvent {
  private final int fd;

  /** Errno and memory of the signalling threads. Guarded by the lock. */
  private final SystemCalls calls = new SystemCalls();

  private final SpinLock lock = new SpinLock();
  private boolean closed;

  /** Takes ownership of an event counter. */
  public WakeEvent(int fd) {
    this.fd = fd;
  }

  /** The counter's descriptor. */
  public int fd() {
    return fd;
  }

  /** Wakes the loop. Any thread; the loop lets one thread call it per sleep. */
  public void signal() {
    lock.lock();
    if (!closed) {
      calls.signalEvent(fd);
    }
    lock.unlock();
  }

  /** Closes the counter; {@link #signal} has no effect from now on. */
  public void close(SystemCalls ours) {
    lock.lock();
    closed = true;
    ours.close(fd);
    lock.unlock();
  }
}
