package dev.goasync.internal.epoll;

import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** An epoll instance and the events of its last wait. Owned by the loop. */
final class Epoll {
  private static final int MAX_EVENTS = 256;
  private static final int NO_LIMIT = -1;

  private final int fd;
  private final SystemCalls calls;
  private final ByteBuffer events = Memory.allocate(MAX_EVENTS * Abi.EPOLL_EVENT_BYTES);
  private final long address = Memory.address(events);

  /**
   * Whether the kernel has epoll_pwait2, with a timeout in nanoseconds (Linux 5.11), and no seccomp
   * profile that is older denies it.
   */
  private boolean takesNanos = true;

  /** Takes ownership of an epoll descriptor. */
  Epoll(int fd, SystemCalls calls) {
    this.fd = fd;
    this.calls = calls;
  }

  /** Registers a descriptor, edge-triggered; returns 0 or -errno. */
  int add(int target, int wanted, long data) {
    int result = calls.epollCtl(fd, Linux.EPOLL_CTL_ADD, target, wanted | Linux.EPOLLET, data);
    return result == -Errno.EEXIST ? change(target, wanted, data) : result;
  }

  /** Registers again, so that the kernel reports current readiness anew; returns 0 or -errno. */
  int change(int target, int wanted, long data) {
    return calls.epollCtl(fd, Linux.EPOLL_CTL_MOD, target, wanted | Linux.EPOLLET, data);
  }

  /** Removes a descriptor, which may have been closed. */
  void remove(int target) {
    calls.epollCtl(fd, Linux.EPOLL_CTL_DEL, target, 0, 0);
  }

  /** Waits for events and returns their number; returns 0 also after a signal. */
  int await(long nanos) {
    int count = waitOnce(nanos);
    if (count < 0 && count != -Errno.EINTR) {
      throw new IllegalStateException("epoll_wait failed: " + Errno.describe(-count));
    }
    return Math.max(count, 0);
  }

  private int waitOnce(long nanos) {
    if (nanos == 0 || nanos == Poller.FOREVER) {
      return calls.epollWait(fd, address, MAX_EVENTS, nanos == 0 ? 0 : NO_LIMIT);
    }
    if (takesNanos) {
      int count = calls.epollWaitNanos(fd, address, MAX_EVENTS, nanos);
      if (count != -Errno.ENOSYS && count != -Errno.EPERM) {
        return count;
      }
      takesNanos = false;
    }
    long milliseconds = Math.ceilDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
    int bounded = (int) Math.min(milliseconds, Integer.MAX_VALUE);
    return calls.epollWait(fd, address, MAX_EVENTS, bounded);
  }

  int eventsAt(int index) {
    return events.getInt(index * Abi.EPOLL_EVENT_BYTES);
  }

  long dataAt(int index) {
    return events.getLong(index * Abi.EPOLL_EVENT_BYTES + Abi.EPOLL_DATA_AT);
  }

  void close() {
    calls.close(fd);
  }
}
