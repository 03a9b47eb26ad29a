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
 * Copies bytes from a file to another file or to a socket inside the kernel. The system calls may
 * wait for a disk, so a worker thread makes them for a coroutine.
 */
public final class LinuxTransfers {
  /** The maximum of one call: a cancel may have to wait until a disk has written as much. */
  private static final long MAX_COPIED = 8 << 20;

  private static final long MAX_SENT = 1 << 20;

  private LinuxTransfers() {}

  /** Copies to a file; returns the count, or {@link FileHandle#NOT_TRANSFERRED}. */
  static long copy(LinuxFile from, long position, LinuxFile to, long count) throws IOException {
    long wanted = Math.min(count, MAX_COPIED);
    long result =
        between(from, to, (calls, in, out) -> calls.copyFileRange(in, position, out, wanted));
    return switch ((int) Math.min(-result, 0xFFFF)) {
      // across file systems, a pipe, APPEND, a swap file, or overlapping parts of one file
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
   * Sends to a socket; returns the count, or {@link FileHandle#NOT_TRANSFERRED}. A loop sends what
   * is in the page cache itself; for the rest a worker makes the call.
   *
   * <p>{@code sendfile} has no flag for a single non-blocking call, and sockets of the io_uring
   * backend are in blocking mode. So the call is made when the socket is writable, and the socket's
   * send timeout bounds the time that it may still block.
   */
  static long send(LinuxFile from, long position, LinuxStream to, long count) throws IOException {
    to.checkOutput();
    long wanted = Math.min(count, MAX_SENT);
    long result = sendCached(from, position, to, wanted);
    if (result == -Errno.EOPNOTSUPP) {
      result = sendByWorker(from, position, to, wanted);
    }
    if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
      return FileHandle.NOT_TRANSFERRED; // a file without a page cache
    }
    if (result < 0) {
      throw result == -Errno.EIO ? from.error(Errno.EIO) : to.error((int) -result);
    }
    return result;
  }

  private static long sendCached(LinuxFile from, long position, LinuxStream to, long count)
      throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return io.sendCached(from.descriptor, position, to.descriptor, count);
    } finally {
      io.release();
    }
  }

  private static long sendByWorker(LinuxFile from, long position, LinuxStream to, long wanted)
      throws IOException {
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
    return result;
  }

  private interface Call {
    long make(SystemCalls calls, int in, int out);
  }

  /** Makes a call on two descriptors, which are both protected against a concurrent close. */
  private static long between(LinuxChannel from, LinuxChannel to, Call call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return io.block(
          from.descriptor,
          "the transfer to " + to + " of ",
          (calls, in) -> {
            LinuxIo workerIo = LinuxIo.acquireBlocking();
            try {
              int out = to.descriptor.enter(workerIo.use());
              try {
                return call.make(calls, in, out);
              } finally {
                to.descriptor.leave(workerIo.use(), workerIo.calls());
              }
            } finally {
              workerIo.release();
            }
          });
    } finally {
      io.release();
    }
  }
}
