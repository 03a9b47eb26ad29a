package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;

/**
 * The wait for the hang-up of a socket: an epoll instance of its own has the socket, and the ring
 * polls the instance. A poll of the socket itself would also end at the end of the input, since
 * io_uring adds POLLRDHUP to all events (Linux 6.18). Owned by the loop.
 */
final class HangUpWatch extends Descriptor.Use {
  private final Descriptor epoll;
  private final SystemCalls calls;

  private HangUpWatch(Descriptor epoll, SystemCalls calls) {
    this.epoll = epoll;
    this.calls = calls;
  }

  /** Pauses the fiber until the socket has failed or both directions have ended. */
  static int await(UringPoller poller, SystemCalls calls, Descriptor socket) throws IOException {
    int epoll = calls.epollCreate();
    if (epoll < 0) {
      return epoll;
    }
    HangUpWatch watch = new HangUpWatch(Descriptor.unowned(epoll, socket), calls);
    try {
      int fd = socket.enter(watch);
      try {
        int result = calls.epollCtl(epoll, Linux.EPOLL_CTL_ADD, fd, 0, 0);
        while (result >= 0 && !isHungUp(calls, fd)) {
          result = poller.awaitReady(watch.epoll, Linux.POLLIN);
        }
        return result;
      } finally {
        socket.leave(watch, calls);
      }
    } finally {
      calls.close(epoll);
    }
  }

  /** Checks again after a wait: any change of the socket's state wakes the poll of an instance. */
  private static boolean isHungUp(SystemCalls calls, int fd) {
    return calls.pollNow(fd, LinuxIo.ONLY_HANG_UP) > 0;
  }

  /** Ends the poll. The instance is unowned, so this thread closes no number. */
  @Override
  protected void interrupt() {
    epoll.closeNow(calls);
  }
}
