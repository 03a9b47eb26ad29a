package dev.goasync.internal.linux.process;

import dev.goasync.internal.linux.io.BlockingIo;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A child process by its descriptor, which is readable when it has ended: no thread waits for it,
 * and SIGCHLD is nobody's business.
 *
 * <p>Protocol: the exit status is taken from the kernel once, under this object's lock; before, the
 * process's number and its group's can be no other's, so signals are sent under the lock too.
 */
final class LinuxChild implements ChildHandle {
  /** Those whose status nobody has taken, to be looked at when others are started. */
  private static final ConcurrentLinkedQueue<LinuxChild> UNREAPED = new ConcurrentLinkedQueue<>();

  private static final int LOOKED_AT = 2;

  private final int pid;
  private final Descriptor process;
  private final LaunchPipes pipes;
  private volatile int exitCode = RUNNING; // written under the lock
  private boolean killsGroup; // guarded by this

  LinuxChild(int pid, Descriptor process, LaunchPipes pipes) {
    this.pid = pid;
    this.process = process;
    this.pipes = pipes;
    UNREAPED.add(this);
  }

  /**
   * Frees the system of children that have ended and that nobody has waited for; a few at a time,
   * more than are started meanwhile.
   */
  static void reapSome() {
    for (int i = 0; i < LOOKED_AT; i++) {
      LinuxChild child = UNREAPED.poll();
      if (child != null && child.exitCode() == RUNNING) {
        UNREAPED.add(child);
      }
    }
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public @Nullable PipeHandle input() {
    return pipes.ours(0);
  }

  @Override
  public @Nullable PipeHandle output() {
    return pipes.ours(1);
  }

  @Override
  public @Nullable PipeHandle error() {
    return pipes.ours(2);
  }

  @Override
  public TerminalHandle.@Nullable Master terminal() {
    return pipes.terminal();
  }

  @Override
  public boolean awaitExit(long nanos) throws IOException {
    while (exitCode() == RUNNING) {
      LinuxIo io = LinuxIo.acquire();
      try {
        boolean isOnThread = io instanceof BlockingIo;
        int ready =
            io instanceof BlockingIo blocking
                ? blocking.awaitReady(process, Linux.POLLIN, nanos)
                : io.awaitReady(process, Linux.POLLIN);
        if (ready < 0) {
          throw error(-ready);
        }
        if (ready == 0 && isOnThread) {
          return exitCode() != RUNNING;
        }
      } catch (ClosedChannelException closed) {
        if (exitCode() == RUNNING) {
          throw closed;
        }
      } finally {
        io.release();
      }
    }
    return true;
  }

  @Override
  public int exitCode() {
    return exitCode != RUNNING ? exitCode : reap();
  }

  private synchronized int reap() {
    if (exitCode == RUNNING) {
      LinuxIo io = LinuxIo.acquireBlocking();
      try {
        int fd = process.enter(io.use());
        try {
          exitCode = reap(io, fd);
        } finally {
          process.leave(io.use(), io.calls());
        }
      } catch (ClosedChannelException closedBefore) {
        exitCode = UNKNOWN;
      } finally {
        io.release();
      }
      if (exitCode != RUNNING) {
        UNREAPED.remove(this);
      }
    }
    return exitCode;
  }

  /**
   * The group goes while its number is still the child's: so a child that ends between the look and
   * the wait must be looked at again.
   */
  private int reap(LinuxIo io, int fd) {
    if (killsGroup) {
      int ended = io.calls().pollNow(fd, Linux.POLLIN);
      if (ended == 0) {
        return RUNNING;
      }
      if (ended > 0) {
        ProcessCalls.signalGroup(io.calls(), pid, ProcessCalls.SIGKILL);
      }
    }
    int status = ProcessCalls.waitFor(io.calls(), fd);
    if (status == ProcessCalls.RUNNING) {
      return RUNNING;
    }
    return status < 0 ? UNKNOWN : status;
  }

  @Override
  public synchronized void signal(int number, boolean group) throws IOException {
    if (number < 1 || number > ProcessCalls.MAX_SIGNAL) {
      throw new IllegalArgumentException("there is no signal " + number);
    }
    int result;
    try {
      result =
          DescriptorCalls.with(
              process, (calls, fd) -> ProcessCalls.signal(calls, fd, number, group));
      if (result == -Errno.EINVAL && group && exitCode == RUNNING) { // before Linux 6.9
        result =
            DescriptorCalls.with(
                process, (calls, fd) -> ProcessCalls.signalGroup(calls, pid, number));
      }
    } catch (ClosedChannelException closed) {
      return;
    }
    if (result < 0 && result != -Errno.ESRCH && result != -Errno.EINVAL) {
      throw error(-result);
    }
  }

  @Override
  public void killGroupAtEnd() {
    synchronized (this) {
      killsGroup = true;
      if (exitCode == RUNNING) {
        return;
      }
    }
    try {
      signal(ProcessCalls.SIGKILL, true);
    } catch (IOException notOurs) {
      // a program that has become another user's
    }
  }

  @Override
  public void close() {
    LinuxIo io = LinuxIo.acquireBlocking();
    try {
      process.close(io);
    } finally {
      io.release();
    }
  }

  private IOException error(int errno) {
    return IoErrors.ofFile(errno, process.toString());
  }

  @Override
  public String toString() {
    return process.toString();
  }
}
