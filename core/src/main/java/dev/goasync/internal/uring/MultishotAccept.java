package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.Prefetch;
import java.io.IOException;
import java.util.Arrays;

/** Multishot accept, for a listener that one coroutine of one loop accepts from. */
final class MultishotAccept extends Multishot implements Prefetch.OfConnections {
  /** With more connections kept than this, the kernel stops: the rest waits in the backlog. */
  private static final int MAX_KEPT = 16;

  private int[] fds = new int[MAX_KEPT];
  private int from;
  private int to;

  MultishotAccept(UringPoller poller, Descriptor descriptor) {
    super(poller, descriptor);
  }

  @Override
  public int accept(LinuxIo io) throws IOException {
    return next(io);
  }

  @Override
  UringOperation prepare(UringOperation operation) {
    return operation.acceptMultishot(descriptor, this);
  }

  @Override
  public int kept() {
    return to - from;
  }

  @Override
  int removeKept() {
    int fd = fds[from++];
    if (from == to) {
      from = 0;
      to = 0;
    }
    return fd;
  }

  @Override
  boolean isLast(int completed) {
    return completed < 0;
  }

  @Override
  void deliver(int fd, int flags) {
    if (fd < 0) {
      return;
    }
    if (isAwaited()) {
      wake(fd);
      return;
    }
    if (to == fds.length) {
      fds = Arrays.copyOf(fds, 2 * to);
    }
    fds[to++] = fd;
    if (kept() > MAX_KEPT) {
      stopArming();
    }
  }

  /** Uses system calls of its own, since the caller need not be on the loop's thread. */
  @Override
  void discardKept() {
    LinuxIo io = LinuxIo.acquireBlocking();
    while (kept() > 0) {
      io.calls().close(removeKept());
    }
    io.release();
  }

  @Override
  public String describe() {
    return "a connection to " + descriptor;
  }

  @Override
  public Object kind() {
    return "a connection to a descriptor";
  }
}
