package dev.goasync.internal.uring;

import dev.goasync.internal.linux.ConnectionIntake;
import dev.goasync.internal.linux.Descriptor;
import dev.goasync.internal.linux.Io;
import dev.goasync.internal.sys.Linux;
import java.io.IOException;
import java.util.Arrays;

/** Accepts for a listener that one coroutine of one loop accepts from. */
final class MultishotAccept extends Multishot implements ConnectionIntake {
  /** With more than these kept, the kernel is asked to stop: the rest waits in the backlog. */
  private static final int MOST_KEPT = 16;

  private static final int ACCEPT_MULTISHOT = 1;

  private int[] fds = new int[MOST_KEPT];
  private int from;
  private int to;

  MultishotAccept(Multishots all, Descriptor descriptor) {
    super(all, descriptor);
  }

  @Override
  public int accept(Io io) throws IOException {
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
    if (kept() > MOST_KEPT) {
      rest();
    }
  }

  @Override
  void dropKept() {
    Io io = Io.ofThread(); // not the loop's own, whose thread need not be the caller's
    while (kept() > 0) {
      io.calls().close(takeKept());
    }
    io.giveBack();
  }

  @Override
  public String describe() {
    return "a connection to " + descriptor;
  }
}
