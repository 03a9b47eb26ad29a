package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.DirectoryCalls;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Openat2;
import dev.goasync.internal.sys.SystemCalls;

/**
 * One opening of a path that must stay beneath a directory. Holds the arguments of {@code openat2}
 * in native memory from {@link #BeneathOpen} to {@link #release}.
 */
public final class BeneathOpen {
  private static final int RESOLVE = Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_MAGICLINKS;
  private static final int CHANGES = Linux.O_CREAT | Linux.O_TRUNC;
  private static final int FLAGS_AT = 0;
  private static final int MODE_AT = 8;
  private static final int RESOLVE_AT = 16;

  /** How often a lookup is repeated while other processes rename directories. */
  private static final int MAX_ATTEMPTS = 1000;

  private final LinuxIo io;
  private final NativeBuffer memory;
  private final byte[] path;
  private final int flags;
  private final int mode;
  private final int resolve;
  private final long name;

  /**
   * @param path relative and not empty, without a NUL
   * @param flags of {@code openat}
   * @param mode of a file that is created; 0 if none is
   */
  public BeneathOpen(LinuxIo io, byte[] path, int flags, int mode) {
    this(io, path, flags, mode, RESOLVE);
  }

  private BeneathOpen(LinuxIo io, byte[] path, int flags, int mode, int resolve) {
    this.io = io;
    this.resolve = resolve;
    this.path = path;
    this.flags = flags;
    this.mode = mode;
    memory = io.acquireBuffer(DirectoryCalls.HOW_BYTES + path.length + 1);
    name = memory.putString(DirectoryCalls.HOW_BYTES, path);
  }

  /** An opening of an existing file whose path is not limited to a directory. */
  static BeneathOpen anywhere(LinuxIo io, byte[] path, int flags) {
    return new BeneathOpen(io, path, flags, 0, 0);
  }

  /** Ends the use of the native memory. */
  public void release() {
    io.releaseBuffer(memory);
  }

  /** Whether the path is longer than any that the kernel opens. */
  boolean isTooLong() {
    return name == 0;
  }

  /** Whether the kernel may find all it needs in its cache of names. */
  boolean mayBeCached() {
    return Openat2.OPENS_CACHED && (flags & CHANGES) == 0;
  }

  /** The address of the NUL-terminated path. */
  public long name() {
    return name;
  }

  /** Writes the {@code struct open_how} for an opening that may wait; returns its address. */
  public long how() {
    return how(flags, resolve);
  }

  private long how(int openFlags, int resolveFlags) {
    memory.bytes().putLong(FLAGS_AT, Integer.toUnsignedLong(openFlags));
    memory.bytes().putLong(MODE_AT, mode);
    memory.bytes().putLong(RESOLVE_AT, resolveFlags);
    return memory.address();
  }

  /** Opens without a wait; returns -EAGAIN if the kernel would have to read a directory. */
  int openCached(SystemCalls calls, int directory) {
    long how = how(withoutWaiting(), resolve | Linux.RESOLVE_CACHED);
    return blockingAgain(calls, DirectoryCalls.openat2(calls, directory, name, how));
  }

  /** Opens, on a thread that may block. */
  int open(SystemCalls calls, int directory) {
    return open(calls, directory, flags);
  }

  /** Opens, on a thread that may block for a disk but not for the other end of a FIFO. */
  int openUnlessPeerIsMissing(SystemCalls calls, int directory) {
    return blockingAgain(calls, open(calls, directory, withoutWaiting()));
  }

  private int open(SystemCalls calls, int directory, int openFlags) {
    if (!Openat2.SUPPORTED) {
      return CheckedWalk.open(calls, directory, path, openFlags, mode);
    }
    long how = how(openFlags, resolve);
    int result = -Errno.EAGAIN;
    for (int i = 0; i < MAX_ATTEMPTS && result == -Errno.EAGAIN; i++) {
      result = DirectoryCalls.openat2(calls, directory, name, how);
    }
    return result;
  }

  /** {@code openat2} refuses the combination with O_PATH, which never waits. */
  private int withoutWaiting() {
    return isPath() ? flags : flags | Linux.O_NONBLOCK;
  }

  private boolean isPath() {
    return (flags & Linux.O_PATH) != 0;
  }

  private int blockingAgain(SystemCalls calls, int fd) {
    if (fd >= 0 && !isPath()) {
      calls.setFlags(fd, flags);
    }
    return fd;
  }

  @Override
  public String toString() {
    return new String(path, java.nio.charset.StandardCharsets.UTF_8);
  }
}
