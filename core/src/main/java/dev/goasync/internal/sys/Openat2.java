package dev.goasync.internal.sys;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Whether this process may use {@code openat2}: Linux has it since 5.6, and seccomp profiles that
 * are older than the call refuse it. Asked once, at the first use.
 */
public final class Openat2 {
  /**
   * Property for tests: {@code true} makes the library behave as where {@code openat2} is missing.
   */
  public static final String WITHOUT_PROPERTY = "goasync.withoutOpenat2";

  /** Whether the call exists and is allowed. */
  public static final boolean SUPPORTED = !Boolean.getBoolean(WITHOUT_PROPERTY) && works(0);

  /** Whether the kernel can open what is cached and refuse the rest (Linux 5.12). */
  public static final boolean OPENS_CACHED = SUPPORTED && works(Linux.RESOLVE_CACHED);

  private Openat2() {}

  /** Opens the working directory; only the errors for a missing call or flag count. */
  private static boolean works(int resolve) {
    SystemCalls calls = new SystemCalls();
    ByteBuffer memory = Memory.allocate(DirectoryCalls.HOW_BYTES + 2);
    memory.putLong(0, Linux.O_PATH | Linux.O_CLOEXEC);
    memory.putLong(16, Linux.RESOLVE_BENEATH | resolve);
    memory.put(DirectoryCalls.HOW_BYTES, (byte) '.');
    long how = Memory.address(memory);
    int result;
    try {
      result = DirectoryCalls.openat2(calls, Linux.AT_FDCWD, how + DirectoryCalls.HOW_BYTES, how);
    } finally {
      Reference.reachabilityFence(memory);
    }
    if (result >= 0) {
      calls.close(result);
    }
    return result != -Errno.ENOSYS && result != -Errno.EPERM && result != -Errno.EINVAL;
  }
}
