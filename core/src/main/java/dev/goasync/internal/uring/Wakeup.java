package dev.goasync.internal.uring;

import dev.goasync.internal.sys.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * How other threads wake a loop that waits in its ring: they count up an event counter that the
 * ring polls all the time (multishot, Linux 5.13). Each increment is an event of its own, so the
 * counter is never read back.
 */
final class Wakeup {
  private final int fd;

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
  synchronized void signal() {
    if (!closed) {
      calls.signalEvent(fd);
    }
  }

  /** From now on {@link #signal} does nothing. */
  synchronized void close(SystemCalls ours) {
    closed = true;
    ours.close(fd);
  }
}
