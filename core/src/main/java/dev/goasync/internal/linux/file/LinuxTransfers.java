package dev.goasync.internal.linux.file;

import dev.goasync.internal.linux.io.LinuxChannel;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.net.LinuxStream;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Moves bytes from a file to another, or to a socket, inside the kernel. The calls may wait for a
 * disk, so a coroutine has a worker make them.
 */
public final class LinuxTransfers {
  /** Most bytes of one call: so long a cancel may have to wait, at the speed of a disk. */
  private static final long MAX_COPIED = 8 << 20;

  private static final long MAX_SENT = 1 << 20;

  private LinuxTransfers() {}

  /** Returns the count, or {@link FileHandle#NOT_TRANSFERRED}. */
  static long copy(LinuxFile from, long position, LinuxFile to, long count) throws IOException {
    long wanted = Math.min(count, MAX_COPIED);
    long result =
        between(from, to, (calls, in, out) -> calls.copyFileRange(in, position, out, wanted));
    return switch ((int) Math.min(-result, 0xFFFF)) {
      // other file systems, pipes, appending, swap files, the same file and overlapping
      case Errno.EXDEV, Errno.EINVAL, Errno.EBADF, Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EPERM ->
          FileHandle.NOT_TRANSFERRED;
      default -> {
        if (result < 0) {
          throw new FileSystemException(
              from.toString(), to.toString(), Errno.describe((int) -result));
        }
        yield result;
      }
    };
  }

  /**
   * Returns the count, or {@link FileHandle#NOT_TRANSFERRED}.
   *
   * <p>There is no flag by which a single call does not wait for room, and on a ring sockets block.
   * So room is awaited first, and what the call waits after that has a limit, which is the
   * socket's.
   */
  static long send(LinuxFile from, long position, LinuxStream to, long count) throws IOException {
    to.checkOutput();
    long wanted = Math.min(count, MAX_SENT);
    long result;
    do {
      LinuxIo io = LinuxIo.acquire();
      try {
        result = io.awaitReady(to.descriptor, Linux.POLLOUT);
      } finally {
        io.release();
      }
      if (result >= 0) {
        result =
            between(
                from,
                to,
                (calls, in, out) -> {
                  int limited = to.limitSends(calls, out);
                  return limited < 0 ? limited : calls.sendfile(out, in, position, wanted);
                });
      }
    } while (result == -Errno.EAGAIN);
    if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
      return FileHandle.NOT_TRANSFERRED; // a file without pages
    }
    if (result < 0) {
      throw result == -Errno.EIO ? from.error(Errno.EIO) : to.error((int) -result);
    }
    return result;
  }

  private interface Call {
    long make(SystemCalls calls, int in, int out);
  }

  /** Makes a call on two descriptors, of which each has its own user. */
  private static long between(LinuxChannel from, LinuxChannel to, Call call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return io.block(
          from.descriptor,
          "the transfer to " + to + " of ",
          (calls, in) -> {
            LinuxIo other = LinuxIo.acquireBlocking();
            try {
              int out = to.descriptor.enter(other.use());
              try {
                return call.make(calls, in, out);
              } finally {
                to.descriptor.leave(other.use(), other.calls());
              }
            } finally {
              other.release();
            }
          });
    } finally {
      io.release();
    }
  }
}
