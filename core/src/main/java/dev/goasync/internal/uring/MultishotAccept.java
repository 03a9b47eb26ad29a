package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.AcceptPrefetch;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.util.Arrays;

/** Accepts for a listener that one coroutine of one loop accepts from. */
final class MultishotAccept extends Multishot implements AcceptPrefetch {
  /** With more than these kept, the kernel is asked to stop: the rest waits in the backlog. */
  private static final int MAX_KEPT = 16;

  private static final int ACCEPT_MULTISHOT = 1;

  private int[] fds = new int[MAX_KEPT];
  private int from;
  private int to;

  MultishotAccept(MultishotRegistry all, Descriptor descriptor) {
    super(all, descriptor);
  }

  @Override
  public int accept(LinuxIo io) throws IOException {
    return take(io);
  }

  @Override
  UringOperation operation() {
    return all.begin(Opcode.ACCEPT, descriptor).withPriority(ACCEPT_MULTISHOT);
  }

  @Override
  int operationFlags() {
    return Linux.SOCK_CLOEXEC;
  }

  @Override
  public int kept() {
    return to - from;
  }

  @Override
  int takeKept() {
    int fd = fds[from++];
    if (from == to) {
      from = 0;
      to = 0;
    }
    return fd;
  }

  @Override
  boolean isEnding(int last) {
    return last < 0;
  }

  @Override
  void keep(int fd, int flags) {
    if (fd < 0) {
      return;
    }
    if (isWaitedFor()) {
      wake(fd);
      return;
    }
    if (to == fds.length) {
      fds = Arrays.copyOf(fds, 2 * to);
    }
    fds[to++] = fd;
    if (kept() > MAX_KEPT) {
      rest();
    }
  }

  @Override
  void dropKept() {
    LinuxIo io =
        LinuxIo.acquireBlocking(); // not the loop's own, whose thread need not be the caller's
    while (kept() > 0) {
      io.calls().close(takeKept());
    }
    io.release();
  }

  @Override
  public String describe() {
    return "a connection to " + descriptor;
  }
}
