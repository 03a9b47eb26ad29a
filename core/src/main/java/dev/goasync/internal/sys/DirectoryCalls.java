package dev.goasync.internal.sys;

/**
 * System calls on names relative to an open directory. Each is the call of its name and returns its
 * result or -errno. Names are the addresses of NUL-terminated strings.
 */
public final class DirectoryCalls {
  /** The size of {@code struct open_how}: flags, mode and resolve, each of 8 bytes. */
  public static final int HOW_BYTES = 24;

  private DirectoryCalls() {}

  /** Opens by a {@code struct open_how} (Linux 5.6). */
  public static int openat2(SystemCalls calls, int directory, long name, long how) {
    return (int) calls.call(Abi.OPENAT2, directory, name, how, HOW_BYTES, 0, 0);
  }

  /** Opens. */
  public static int openat(SystemCalls calls, int directory, long name, int flags, int mode) {
    return (int) calls.call(Abi.OPENAT, directory, name, flags, mode, 0, 0);
  }

  /** Creates a directory. */
  public static int mkdirat(SystemCalls calls, int directory, long name, int mode) {
    return calls.call(Abi.MKDIRAT, directory, name, mode);
  }

  /** Removes a name. */
  public static int unlinkat(SystemCalls calls, int directory, long name, int flags) {
    return calls.call(Abi.UNLINKAT, directory, name, flags);
  }

  /** Renames; replaces what has the new name. */
  public static int renameat(
      SystemCalls calls, int directory, long name, int newDirectory, long newName) {
    return (int) calls.call(Abi.RENAMEAT2, directory, name, newDirectory, newName, 0, 0);
  }

  /** Reads the target of a link, without a NUL; returns its length. */
  public static int readlinkat(
      SystemCalls calls, int directory, long name, long target, int capacity) {
    return (int) calls.call(Abi.READLINKAT, directory, name, target, capacity, 0, 0);
  }

  /** Reads entries, {@code struct linux_dirent64}; returns their size in bytes, 0 at the end. */
  public static int getdents(SystemCalls calls, int directory, long target, int capacity) {
    return calls.call(Abi.GETDENTS64, directory, target, capacity);
  }
}
