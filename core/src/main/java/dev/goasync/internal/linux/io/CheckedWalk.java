package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Abi;
import dev.goasync.internal.sys.DirectoryCalls;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opens a path beneath a directory name by name, where {@code openat2} is missing. Blocks.
 *
 * <p>Each name is opened relative to the directory before it, and the kernel follows no link. The
 * walk itself replaces a link by the names of its target. {@code ..} returns to the directory that
 * the walk came from, which is still open, and never above the first one. So the walk stays beneath
 * its directory even if names are replaced by links while it runs.
 */
final class CheckedWalk {
  private static final int MAX_LINKS = 40;
  private static final int MAX_PATH_BYTES = 4096;
  private static final int DIRECTORY =
      Linux.O_PATH | Abi.O_DIRECTORY | Abi.O_NOFOLLOW | Linux.O_CLOEXEC;
  private static final int NEW = Linux.O_CREAT | Linux.O_EXCL;

  /** No result yet: the walk continues with the next name. */
  private static final int CONTINUE = Integer.MIN_VALUE;

  private static final byte[] HERE = {'.'};
  private static final byte[] ABOVE = {'.', '.'};

  private final SystemCalls calls;
  private final int flags;
  private final int mode;
  private final ByteBuffer memory;
  private final long nameAddress;
  private final long targetAddress;

  /** The directories on the way, the first one included. */
  private final ArrayDeque<Integer> directories = new ArrayDeque<>();

  /** The names that are still to be walked. */
  private final ArrayDeque<byte[]> names = new ArrayDeque<>();

  private int links;

  private CheckedWalk(SystemCalls calls, Arena arena, int directory, int flags, int mode) {
    this.calls = calls;
    this.flags = flags;
    this.mode = mode;
    memory = Memory.allocate(arena, 2 * MAX_PATH_BYTES);
    nameAddress = Memory.address(memory);
    targetAddress = nameAddress + MAX_PATH_BYTES;
    directories.push(directory);
  }

  /** Opens; returns the descriptor, -EXDEV if the path leads out, or another -errno. */
  static int open(SystemCalls calls, int directory, byte[] path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      CheckedWalk walk = new CheckedWalk(calls, arena, directory, flags, mode);
      try {
        return walk.run(path);
      } finally {
        while (walk.directories.size() > 1) {
          calls.close(walk.directories.pop());
        }
      }
    }
  }

  private int run(byte[] path) {
    int result = push(path);
    while (result == CONTINUE) {
      byte[] name = names.poll();
      if (name == null) {
        return openLast(HERE);
      }
      result = names.isEmpty() ? last(name) : enter(name);
    }
    return result;
  }

  /** Puts the names of a path before those that are left; a slash at the end counts as a dot. */
  private int push(byte[] path) {
    if (path.length > 0 && path[0] == '/') {
      return -Errno.EXDEV;
    }
    if (path.length == 0) {
      return -Errno.ENOENT;
    }
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        parts.add(i == start ? HERE : Arrays.copyOfRange(path, start, i));
        start = i + 1;
      }
    }
    parts.reversed().forEach(names::push);
    return CONTINUE;
  }

  private int enter(byte[] name) {
    if (Arrays.equals(name, HERE)) {
      return CONTINUE;
    }
    if (Arrays.equals(name, ABOVE)) {
      return leave();
    }
    int fd = openat(name, DIRECTORY);
    if (fd >= 0) {
      directories.push(fd);
      return CONTINUE;
    }
    return fd == -Errno.ENOTDIR || fd == -Errno.ELOOP ? orFollow(fd, name) : fd;
  }

  private int leave() {
    if (directories.size() == 1) {
      return -Errno.EXDEV;
    }
    calls.close(directories.pop());
    return CONTINUE;
  }

  private int last(byte[] name) {
    if (Arrays.equals(name, HERE) || Arrays.equals(name, ABOVE)) {
      return enter(name);
    }
    boolean follow = (flags & Abi.O_NOFOLLOW) == 0 && (flags & NEW) != NEW;
    if (follow && (flags & Linux.O_PATH) != 0) {
      int followed = follow(name);
      return followed == -Errno.EINVAL ? openLast(name) : followed;
    }
    int fd = openLast(name);
    return follow && (fd == -Errno.ELOOP || fd == -Errno.ENOTDIR) ? orFollow(fd, name) : fd;
  }

  private int openLast(byte[] name) {
    return openat(name, flags | Abi.O_NOFOLLOW);
  }

  /** Follows a link; returns {@code error} if the name is not a link. */
  private int orFollow(int error, byte[] name) {
    int followed = follow(name);
    return followed == -Errno.EINVAL ? error : followed;
  }

  /** Continues with the names of a link's target; returns -EINVAL if the name is not a link. */
  private int follow(byte[] name) {
    if (!putName(name)) {
      return -Errno.ENAMETOOLONG;
    }
    int directory = directories.getFirst();
    int length =
        DirectoryCalls.readlinkat(calls, directory, nameAddress, targetAddress, MAX_PATH_BYTES);
    if (length < 0) {
      return length;
    }
    if (++links > MAX_LINKS) {
      return -Errno.ELOOP;
    }
    byte[] target = new byte[length];
    memory.get(MAX_PATH_BYTES, target);
    return push(target);
  }

  private int openat(byte[] name, int openFlags) {
    if (!putName(name)) {
      return -Errno.ENAMETOOLONG;
    }
    int result;
    do {
      result = DirectoryCalls.openat(calls, directories.getFirst(), nameAddress, openFlags, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  private boolean putName(byte[] name) {
    if (name.length >= MAX_PATH_BYTES) {
      return false;
    }
    memory.put(0, name).put(name.length, (byte) 0);
    return true;
  }
}
