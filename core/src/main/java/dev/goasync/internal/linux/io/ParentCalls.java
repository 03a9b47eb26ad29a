package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Makes a system call on the last name of a path, relative to the directory before it, which is
 * opened beneath another one. Blocks.
 */
public final class ParentCalls {
  /** The negated result if the path leads out; not an errno of the kernel. */
  public static final int LEADS_OUT = 4095;

  private static final int PARENT = Linux.O_PATH | Abi.O_DIRECTORY | Linux.O_CLOEXEC;

  /** A system call on a name. */
  @FunctionalInterface
  public interface NameCall {
    /**
     * Makes the call; returns its result or -errno.
     *
     * @param name the address of the NUL-terminated name
     */
    long make(SystemCalls calls, int directory, long name) throws IOException;
  }

  private ParentCalls() {}

  /** Makes the call in the parent of {@code path}; returns its result or -errno. */
  public static long make(SystemCalls calls, int directory, byte[] path, NameCall call)
      throws IOException {
    int end = path.length;
    while (end > 1 && path[end - 1] == '/') {
      end--;
    }
    int slash = end - 1;
    while (slash >= 0 && path[slash] != '/') {
      slash--;
    }
    try (Arena arena = Arena.ofConfined()) {
      byte[] name = Arrays.copyOfRange(path, slash + 1, end);
      long nativeName = Memory.address(Memory.cString(arena, name));
      if (slash < 0) {
        return call.make(calls, directory, nativeName);
      }
      int parent = open(calls, directory, Arrays.copyOf(path, slash));
      if (parent < 0) {
        return parent == -Errno.EXDEV ? -LEADS_OUT : parent;
      }
      try {
        return call.make(calls, parent, nativeName);
      } finally {
        calls.close(parent);
      }
    }
  }

  private static int open(SystemCalls calls, int directory, byte[] path) {
    LinuxIo io = LinuxIo.acquireBlocking();
    BeneathOpen open = new BeneathOpen(io, path, PARENT, 0);
    try {
      return open.isTooLong() ? -Errno.ENAMETOOLONG : open.open(calls, directory);
    } finally {
      open.release();
      io.release();
    }
  }
}
