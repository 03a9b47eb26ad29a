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
 * A child process on Linux, by its process descriptor (pidfd), which is readable when the process
 * has ended. No thread waits for the process, and SIGCHLD is not used.
 *
 * <p>States, held in {@code exitCode}; every transition is made under this object's lock:
 *
 * <ul>
 *   <li>{@code RUNNING}: not reaped. The kernel keeps the process id, and the group id, reserved,
 *       so signals cannot reach another process. The child is in {@code UNREAPED}.
 *   <li>{@code RUNNING} → 0…255, when {@link #reap} reads the exit status from the kernel: called
 *       by every look at the exit code, and for children without a waiting caller by {@link
 *       #reapSome}.
 *   <li>{@code RUNNING} → {@code UNKNOWN}, when other code of this process has read the status, or
 *       the descriptor was closed first.
 * </ul>
 *
 * <p>Reaping closes the process descriptor, unless the child leads a group: from Linux 6.9 on, the
 * descriptor signals the rest of the group also after its leader was reaped.
 */
final class LinuxChild implements ChildHandle {
  /** Children that were not reaped; some are looked at when another child is started. */
  private static final ConcurrentLinkedQueue<LinuxChild> UNREAPED = new ConcurrentLinkedQueue<>();

  private static final int REAPED_PER_START = 2;

  private final int pid;
  private final Descriptor process;
  private final LaunchPipes pipes;
  private final boolean leadsGroup;
  private volatile int exitCode = RUNNING; // written under the lock
  private boolean killsGroup; // guarded by this

  LinuxChild(int pid, Descriptor process, LaunchPipes pipes, boolean leadsGroup) {
    this.pid = pid;
    this.process = process;
    this.pipes = pipes;
    this.leadsGroup = leadsGroup;
    UNREAPED.add(this);
  }

  /**
   * Reaps children that have ended without a waiting caller. Looks at two for each that is started,
   * so that all are reaped in the end.
   */
  static void reapSome() {
    for (int i = 0; i < REAPED_PER_START; i++) {
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
    return pipes.parentEnd(0);
  }

  @Override
  public @Nullable PipeHandle output() {
    return pipes.parentEnd(1);
  }

  @Override
  public @Nullable PipeHandle error() {
    return pipes.parentEnd(2);
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
        if (!leadsGroup) {
          close();
        }
      }
    }
    return exitCode;
  }

  /**
   * Reads the exit status. A group that is to end with the child must be killed before, while the
   * group id is still reserved. So the poll decides whether the child has ended: a child that ends
   * after the poll is reaped by the next call.
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
      throw new IllegalArgumentException(
          "number must be from 1 to " + ProcessCalls.MAX_SIGNAL + ": " + number);
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
    } catch (IOException notPermitted) {
      // a process that has changed its user
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
