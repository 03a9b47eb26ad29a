package dev.goasync.internal.linux.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * System calls as they suit their caller: those that wait pause a coroutine or block a thread.
 *
 * <p>Each operation is the call of its name and returns its result or -errno; it never returns
 * EINTR, nor EAGAIN. Besides, an operation throws
 *
 * <ul>
 *   <li>{@link java.nio.channels.ClosedChannelException} if the descriptor is closed before, and
 *       {@link java.nio.channels.AsynchronousCloseException} if during the operation;
 *   <li>in a coroutine, {@link java.util.concurrent.CancellationException} if it was cancelled and
 *       nothing has happened; what has happened is returned;
 *   <li>on a thread, {@link java.io.InterruptedIOException} if it was interrupted while it waited.
 * </ul>
 *
 * <p>Memory at an address belongs to the operation until it returns.
 */
public interface LinuxIo {
  /** A send that goes on beside what its caller does. */
  interface Sending {
    /** Waits for its end; returns how many bytes were sent, or -errno. */
    int end();
  }

  /** The {@code LinuxIo} for the caller, who gives it back after one operation or a few. */
  static LinuxIo acquire() throws IOException {
    Fiber fiber = Fiber.current();
    if (fiber != null && fiber.loop().poller() instanceof LinuxIo io) {
      return io;
    }
    return BlockingIo.acquire();
  }

  /**
   * Like {@link #acquire()}, but a thread that has waited so long in an operation gets a {@link
   * java.net.SocketTimeoutException}. A coroutine's waits are limited by its scopes.
   *
   * @param threadTimeoutNanos {@link dev.goasync.internal.platform.Pollable.Timed#NO_TIMEOUT} for
   *     none
   */
  static LinuxIo acquire(long threadTimeoutNanos) throws IOException {
    LinuxIo io = acquire();
    if (io instanceof BlockingIo blocking) {
      blocking.limit(threadTimeoutNanos);
    }
    return io;
  }

  /** An {@code LinuxIo} that blocks the thread, whatever the caller. */
  static LinuxIo acquireBlocking() {
    return BlockingIo.acquire();
  }

  /** Ends the use that began with {@link #acquire}. */
  void release();

  /** For calls that never wait. */
  SystemCalls calls();

  /** To enter a descriptor with while making calls that never wait; one descriptor at a time. */
  Descriptor.Use use();

  /** Lends native memory for one operation. */
  NativeBuffer acquireBuffer(int wantedBytes);

  /** Gives it back. */
  void releaseBuffer(NativeBuffer chunk);

  /** Throws if the coroutine is cancelled; for paths that begin no operation. */
  void checkCancelled();

  /** Like {@link #checkCancelled}, before a call that does something and does not pause. */
  void consumeBudget();

  /**
   * Whether a read or write of the descriptor may wait for somebody else: a pipe's, a terminal's,
   * not that of a file on a disk. True also where that cannot be known, for then to ask whether it
   * is ready does no harm.
   */
  default boolean mayWaitWithoutEnd(Descriptor file, int fd) {
    Boolean known = file.mayWaitWithoutEnd();
    if (known != null) {
      return known;
    }
    int type = typeOf(fd);
    if (type < 0) {
      return true;
    }
    boolean may = type != Linux.S_IFREG && type != Linux.S_IFBLK && type != Linux.S_IFDIR;
    file.setMayWaitWithoutEnd(may);
    return may;
  }

  /** What kind of file is open there, as {@code S_IFMT} has it, or -errno. */
  default int typeOf(int fd) {
    NativeBuffer attributes = acquireBuffer(Linux.STATX_BYTES);
    try {
      int result;
      do {
        result =
            calls().statx(fd, Linux.AT_STATX_DONT_SYNC, Linux.STATX_TYPE, attributes.address());
      } while (result == -Errno.EINTR);
      return result < 0 ? result : attributes.shortAt(Linux.STATX_MODE_AT) & Linux.S_IFMT;
    } finally {
      releaseBuffer(attributes);
    }
  }

  int openat(long path, int flags, int mode, Object name) throws IOException;

  /** Cannot be cancelled. */
  int close(int fd);

  /** Reads what needs no wait: EAGAIN if that is nothing, EOPNOTSUPP if that cannot be known. */
  int readCached(Descriptor file, long address, int length, long offset) throws IOException;

  int read(Descriptor file, long address, int length, long offset) throws IOException;

  int write(Descriptor file, long address, int length, long offset) throws IOException;

  /** A call on an open file that may take the time that a device or a server takes. */
  @FunctionalInterface
  interface FileCall {
    /** Makes it; returns its result or -errno. */
    long make(SystemCalls calls, int fd) throws IOException;
  }

  /**
   * Makes a call for which the kernel has no asynchronous form, or none that is worth it: the
   * thread makes it, for a coroutine a worker does.
   *
   * @param what the call, as the beginning of what is waited for: the file's name follows
   */
  long block(Descriptor file, String what, FileCall call) throws IOException;

  default int fsync(Descriptor file, boolean dataOnly) throws IOException {
    return (int) block(file, "the device to have ", (calls, fd) -> calls.fsync(fd, dataOnly));
  }

  default int ftruncate(Descriptor file, long size) throws IOException {
    return (int) block(file, "the cutting of ", (calls, fd) -> calls.ftruncate(fd, size));
  }

  /** Mode and size, as {@code statx} lays them out. */
  int statx(Descriptor file, int mask, long target) throws IOException;

  int accept(Descriptor listener) throws IOException;

  int connect(Descriptor socket, long address, int length) throws IOException;

  int recv(Descriptor socket, long address, int length) throws IOException;

  /**
   * Like the other, into a heap buffer, whose position it moves, without holding native memory
   * while it waits.
   *
   * @return also -ENOBUFS, where that cannot be done or is not worth it: then the other is to be
   *     called
   */
  default int recv(Descriptor socket, ByteBuffer target) throws IOException {
    return -Errno.ENOBUFS;
  }

  /** An intake of a TCP socket on the caller's loop; null where there is no such thing. */
  default @Nullable ReceivePrefetch prefetchReceives(Descriptor socket) {
    return null;
  }

  /** An intake of a listener on the caller's loop; null where there is no such thing. */
  default @Nullable AcceptPrefetch prefetchAccepts(Descriptor listener) {
    return null;
  }

  int send(Descriptor socket, long address, int length) throws IOException;

  /**
   * Begins to send beside a receive of the same caller, which follows at once; {@link Sending#end}
   * comes behind that. If not all can be sent, the receive ends with -ECANCELED.
   *
   * @param output at most {@link NativeBufferPool#LARGE} bytes, which are copied; its position
   *     stays
   * @param sent called when all is sent
   * @return null where nothing is gained by it; nothing has happened then
   */
  default @Nullable Sending beginSend(Descriptor socket, ByteBuffer output, Runnable sent)
      throws IOException {
    return null;
  }

  /** Waits until one of the events of {@code poll}, an error or a hang-up; returns 0 or more. */
  int awaitReady(Descriptor pollable, int events) throws IOException;
}
