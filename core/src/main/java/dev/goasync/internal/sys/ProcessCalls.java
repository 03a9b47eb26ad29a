package dev.goasync.internal.sys;

/** System calls of child processes and pipes. Each returns its result or -errno. */
public final class ProcessCalls {
  /** The numbers of signals, the same on x86-64 and aarch64. */
  public static final int SIGHUP = 1;

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;

  /** The highest signal number. */
  public static final int MAX_SIGNAL = 64;

  /** Result of {@link #waitFor}: the child has not ended. */
  public static final int RUNNING = -1;

  /** Added to a signal's number to make an exit code, as by the shell and the JDK. */
  private static final int KILLED = 128;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int PIDFD_SIGNAL_PROCESS_GROUP = 4;
  private static final long SIG_IGN = 1;

  private static final int P_PID = 1;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int SIGINFO_BYTES = 128;
  private static final int CODE_AT = 8;
  private static final int PID_AT = 16;
  private static final int STATUS_AT = 24;
  private static final int CLD_EXITED = 1;

  private ProcessCalls() {}

  /** Creates a pipe, closed on exec; {@link #readEnd} and {@link #writeEnd} return its ends. */
  public static int pipe(SystemCalls calls) {
    return calls.call(Abi.PIPE2, calls.scratchAddress(), Linux.O_CLOEXEC, 0);
  }

  /** The read end of the pipe that {@link #pipe} created last. */
  public static int readEnd(SystemCalls calls) {
    return calls.scratch().getInt(0);
  }

  /** The write end of the pipe that {@link #pipe} created last. */
  public static int writeEnd(SystemCalls calls) {
    return calls.scratch().getInt(Integer.BYTES);
  }

  /** Duplicates a descriptor to a number above 2, closed on exec. */
  public static int duplicate(SystemCalls calls, int fd) {
    return calls.call(Abi.FCNTL, fd, F_DUPFD_CLOEXEC, 3);
  }

  /** Marks all descriptors from {@code first} on as closed on exec (Linux 5.11). */
  static int closeOnExecFrom(SystemCalls calls, int first) {
    return calls.call(Abi.CLOSE_RANGE, first, 0xFFFF_FFFFL, CLOSE_RANGE_CLOEXEC);
  }

  /**
   * Stops ignoring SIGCHLD, as the JDK does before its first child. If the process was started with
   * SIGCHLD ignored, the kernel discards the exit status of its children.
   */
  public static void keepExitStatus(SystemCalls calls) {
    long at = calls.scratchAddress();
    long result = calls.call(Abi.RT_SIGACTION, SIGCHLD, 0, at, 8, 0, 0);
    if (result == 0 && calls.scratch().getLong(0) == SIG_IGN) {
      calls.scratch().put(0, new byte[32]);
      calls.call(Abi.RT_SIGACTION, SIGCHLD, at, 0, 8, 0, 0);
    }
  }

  /** Opens a pidfd, which is readable once the process has ended; closed on exec (Linux 5.3). */
  public static int openProcess(SystemCalls calls, int pid) {
    return calls.call(Abi.PIDFD_OPEN, pid, 0, 0);
  }

  /** Sends a signal to the process or, since Linux 6.9, to its group, even after its end. */
  public static int signal(SystemCalls calls, int pidfd, int signal, boolean group) {
    int flags = group ? PIDFD_SIGNAL_PROCESS_GROUP : 0;
    return (int) calls.call(Abi.PIDFD_SEND_SIGNAL, pidfd, signal, 0, flags, 0, 0);
  }

  /** Sends a signal to all processes of a group. */
  public static int signalGroup(SystemCalls calls, int group, int signal) {
    return calls.call(Abi.KILL, -group, signal, 0);
  }

  /** Kills and reaps a child that has no pidfd. */
  public static void killAndReap(SystemCalls calls, int pid) {
    calls.call(Abi.KILL, pid, SIGKILL, 0);
    waitFor(calls, P_PID, pid, WEXITED);
  }

  /**
   * Reaps a child if it has ended. Does not wait.
   *
   * @return the exit code, 0 to 255; 128 plus the signal's number if a signal killed the child;
   *     {@link #RUNNING} if it has not ended; or -errno
   */
  public static int waitFor(SystemCalls calls, int pidfd) {
    return waitFor(calls, P_PIDFD, pidfd, WEXITED | WNOHANG);
  }

  private static int waitFor(SystemCalls calls, int type, int id, int options) {
    calls.scratch().put(0, new byte[SIGINFO_BYTES]);
    int result;
    do {
      result = (int) calls.call(Abi.WAITID, type, id, calls.scratchAddress(), options, 0, 0);
    } while (result == -Errno.EINTR);
    if (result < 0) {
      return result == RUNNING ? -Errno.ECHILD : result; // waitid never returns EPERM
    }
    if (calls.scratch().getInt(PID_AT) == 0) {
      return RUNNING;
    }
    int status = calls.scratch().getInt(STATUS_AT);
    return calls.scratch().getInt(CODE_AT) == CLD_EXITED ? status : KILLED + status;
  }
}
