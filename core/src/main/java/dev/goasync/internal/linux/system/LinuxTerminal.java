package dev.goasync.internal.linux.system;

import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.sys.TerminalCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process: the first of descriptors 0 to 2 that is a terminal. There is one
 * object, since there is one mode to restore. Its system calls never wait.
 */
public final class LinuxTerminal implements TerminalHandle {
  private static final int STANDARD_COUNT = 3;
  private static final @Nullable LinuxTerminal FOUND = detect();

  private final int fd;
  private final SystemCalls calls = new SystemCalls(); // guarded by this

  /** The mode before {@link #makeRaw}; null if the mode was not changed. Guarded by this. */
  private byte @Nullable [] before;

  private LinuxTerminal(int fd) {
    this.fd = fd;
  }

  /** Returns the terminal; null if none of the three descriptors is one. */
  public static @Nullable LinuxTerminal find() {
    return FOUND;
  }

  private static @Nullable LinuxTerminal detect() {
    SystemCalls calls = new SystemCalls();
    for (int fd = 0; fd < STANDARD_COUNT; fd++) {
      if (TerminalCalls.getMode(calls, fd, new byte[TerminalCalls.MODE_BYTES]) == 0) {
        return new LinuxTerminal(fd);
      }
    }
    return null;
  }

  @Override
  public synchronized TerminalHandle.Size windowSize() throws IOException {
    check(TerminalCalls.getSize(calls, fd));
    return new TerminalHandle.Size(TerminalCalls.columns(calls), TerminalCalls.rows(calls));
  }

  @Override
  public synchronized void makeRaw() throws IOException {
    byte[] mode = new byte[TerminalCalls.MODE_BYTES];
    check(TerminalCalls.getMode(calls, fd, mode));
    check(TerminalCalls.setMode(calls, fd, TerminalCalls.raw(mode)));
    if (before == null) {
      before = mode;
    }
  }

  @Override
  public synchronized void restore() {
    byte[] mode = before;
    if (mode != null) {
      before = null;
      TerminalCalls.setMode(calls, fd, mode);
    }
  }

  private static void check(int result) throws IOException {
    if (result < 0) {
      throw IoErrors.ofFile(-result, "the terminal");
    }
  }
}
