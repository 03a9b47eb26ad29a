package dev.goasync.internal.linux.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Linux I/O for the current caller: an operation that waits pauses a coroutine, and blocks any
 * other thread.
 *
 * <p>Each operation is the system call of its name and returns its result or -errno. It never
 * returns -EINTR, nor -EAGAIN unless its description states it. An operation throws
 *
 * <ul>
 *   <li>{@link java.nio.channels.ClosedChannelException} if the descriptor was closed before it,
 *       and {@link java.nio.channels.AsynchronousCloseException} if the descriptor is closed during
 *       it;
 *   <li>in a coroutine, {@link java.util.concurrent.CancellationException} if the coroutine was
 *       cancelled and nothing has happened; if something has happened, it returns the result;
 *   <li>on a plain thread, {@link java.io.InterruptedIOException} if the thread was interrupted
 *       while it waited.
 * </ul>
 *
 * <p>Memory at an address must not be used by the caller until the operation returns.
 */
public interface LinuxIo {
  /** The events of {@link #awaitReady} for an error or a hang-up alone. */
  int ONLY_HANG_UP = 0;

  /** A send that runs while its caller does something else. */
  interface PendingSend {
    /** Waits until the send is over; returns how many bytes were sent, or -errno. */
    int await();
  }

  /** Returns the I/O for the caller, which releases it after one operation or a few. */
  static LinuxIo acquire() throws IOException {
    Fiber fiber = Fiber.current();
    if (fiber != null && fiber.loop().poller() instanceof LinuxIo io) {
      return io;
    }
    return BlockingIo.acquire();
  }

  /**
   * Returns the I/O for the caller, with a timeout for plain threads: an operation that waits
   * longer throws {@link java.net.SocketTimeoutException}. The waits of a coroutine are limited by
   * its scopes.
   *
   * @param threadTimeoutNanos {@link dev.goasync.internal.platform.Pollable.Timed#NO_TIMEOUT} for
   *     none
   */
  static LinuxIo acquire(long threadTimeoutNanos) throws IOException {
    LinuxIo io = acquire();
    if (io instanceof BlockingIo blocking) {
      blocking.setTimeout(threadTimeoutNanos);
    }
    return io;
  }

  /** Returns I/O that blocks the thread, even in a coroutine. */
  static LinuxIo acquireBlocking() {
    return BlockingIo.acquire();
  }

  /** Ends the use that began with {@link #acquire}. */
  void release();

  /** System calls that never wait. */
  SystemCalls calls();

  /** The use with which the caller enters one descriptor at a time for calls that never wait. */
  Descriptor.Use use();

  /** Returns native memory for one operation: {@code wantedBytes}, or the largest buffer. */
  NativeBuffer acquireBuffer(int wantedBytes);

  /** Returns a buffer of {@link #acquireBuffer}. */
  void releaseBuffer(NativeBuffer buffer);

  /**
   * Whether waiting operations hold so much native memory that a writer must wait for room before
   * it acquires a buffer. Without this bound, writers to peers that do not read exhaust the memory.
   */
  default boolean isShortOfBuffers() {
    return false;
  }

  /** Throws if the coroutine is cancelled. For paths that start no operation. */
  void checkCancelled();

  /**
   * Throws if the coroutine is cancelled, and consumes its budget: after many calls that did not
   * wait, it lets other coroutines run.
   */
  void consumeBudget();

  /**
   * Whether a read or write of the descriptor may wait for another process: true for a pipe or a
   * terminal, false for a regular file, a directory or a block device. True also if the kind cannot
   * be found out, since waiting for readiness does no harm then.
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

  /** Returns the file type of a descriptor, one of the {@code S_IF} constants, or -errno. */
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

  /**
   * Opens a file.
   *
   * @param path the address of the NUL-terminated path
   * @param name the path in messages
   * @return the new descriptor's number, or -errno
   */
  int openat(long path, int flags, int mode, Object name) throws IOException;

  /**
   * Whether no other operation of the caller's loop waits. Then a ring gains nothing by taking an
   * operation that does not wait: no other operation shares its system call.
   */
  default boolean isAlone() {
    return false;
  }

  /**
   * Opens a file at once if the caller {@link #isAlone} and the kernel's cache of names has all
   * that it needs.
   *
   * @return the new descriptor's number, -EAGAIN if the caller must use {@link #openat}, or another
   *     -errno
   */
  default int openCached(byte[] path, int flags) {
    return -Errno.EAGAIN;
  }

  /**
   * Opens a path beneath a directory.
   *
   * @return the new descriptor's number, -EXDEV if the path leads out, or another -errno
   */
  int openBeneath(Descriptor directory, BeneathOpen request) throws IOException;

  /** Closes a number; returns 0 or -errno. Not cancellable. */
  int close(int fd);

  /**
   * Reads bytes that are in the page cache, without waiting.
   *
   * @return the count; -EAGAIN if none are cached; -EOPNOTSUPP if the file system does not support
   *     it
   */
  int readCached(Descriptor file, long address, int length, long offset) throws IOException;

  /**
   * Reads up to {@code length} bytes at {@code offset}, or at the file's position if that is {@link
   * Linux#AT_POSITION}. On a pipe or a terminal it waits for the first byte.
   *
   * @return the count, 0 at the end of the file, or -errno
   */
  int read(Descriptor file, long address, int length, long offset) throws IOException;

  /**
   * Writes up to {@code length} bytes at {@code offset}, or at the file's position if that is
   * {@link Linux#AT_POSITION}. On a pipe or a terminal it waits for room for at least one byte.
   *
   * @return the count, or -errno
   */
  int write(Descriptor file, long address, int length, long offset) throws IOException;

  /** A call on an open file that may last as long as a device or a server needs. */
  @FunctionalInterface
  interface FileCall {
    /** Makes the call; returns its result or -errno. */
    long make(SystemCalls calls, int fd) throws IOException;
  }

  /**
   * Makes a call that has no asynchronous form. A plain thread makes it itself; for a coroutine a
   * worker thread makes it.
   *
   * @param what the start of the description of the wait; the file's name follows
   */
  long block(Descriptor file, String what, FileCall call) throws IOException;

  /**
   * Flushes a file to its device; returns 0 or -errno.
   *
   * @param dataOnly whether to leave out metadata that is not needed to read the content
   */
  default int fsync(Descriptor file, boolean dataOnly) throws IOException {
    return (int) block(file, "the device to have ", (calls, fd) -> calls.fsync(fd, dataOnly));
  }

  /** Sets the size of a file; returns 0 or -errno. */
  default int ftruncate(Descriptor file, long size) throws IOException {
    return (int) block(file, "the cutting of ", (calls, fd) -> calls.ftruncate(fd, size));
  }

  /** Writes the attributes in {@code mask} to a {@code struct statx} at {@code target}. */
  int statx(Descriptor file, int mask, long target) throws IOException;

  /**
   * Waits for a connection and accepts it.
   *
   * @return the new socket's number, or -errno; -ECONNABORTED if the peer has already reset the
   *     connection
   */
  int accept(Descriptor listener) throws IOException;

  /**
   * Connects a socket and waits until the connection is established or refused.
   *
   * @param address the encoded socket address
   * @return 0 or -errno
   */
  int connect(Descriptor socket, long address, int length) throws IOException;

  /**
   * Waits for bytes from a socket and receives up to {@code length}.
   *
   * @return the count, 0 at the end of the stream, or -errno
   */
  int recv(Descriptor socket, long address, int length) throws IOException;

  /**
   * Waits for bytes from a socket and receives them into a heap buffer, whose position it moves. No
   * native memory is held during the wait.
   *
   * @return the count, 0 at the end of the stream, or -errno; -ENOBUFS if the backend cannot do so
   *     or it does not pay off, and the caller is to use {@link #recv(Descriptor, long, int)}
   */
  default int recv(Descriptor socket, ByteBuffer target) throws IOException {
    return -Errno.ENOBUFS;
  }

  /** Returns a prefetch of a TCP socket on the caller's loop; null if the backend has none. */
  default Prefetch.@Nullable OfBytes prefetchReceives(Descriptor socket) {
    return null;
  }

  /** Returns a prefetch of a listener on the caller's loop; null if the backend has none. */
  default Prefetch.@Nullable OfConnections prefetchAccepts(Descriptor listener) {
    return null;
  }

  /**
   * Waits for room in a socket's send buffer and sends up to {@code length} bytes.
   *
   * @return the count, or -errno
   */
  int send(Descriptor socket, long address, int length) throws IOException;

  /**
   * Sends the bytes that the socket's send buffer has room for. Does not wait.
   *
   * @return the count, -EAGAIN if there is no room, or -errno
   */
  default int trySend(Descriptor socket, long address, int length) throws IOException {
    consumeBudget();
    int fd = socket.enter(use());
    try {
      int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
      int result = calls().send(fd, address, length, flags);
      return result == -Errno.EINTR ? -Errno.EAGAIN : result;
    } finally {
      socket.leave(use(), calls());
    }
  }

  /**
   * Starts a send that runs beside a receive of the same caller. The caller starts the receive
   * next, then calls {@link PendingSend#await}. If not all bytes can be sent, the receive returns
   * -ECANCELED.
   *
   * @param output at most {@link NativeBufferPool#LARGE} bytes, which are copied; its position does
   *     not move
   * @param sent called when all bytes are sent
   * @return null if the backend gains nothing by it; then nothing has been sent
   */
  default @Nullable PendingSend beginSend(Descriptor socket, ByteBuffer output, Runnable sent)
      throws IOException {
    return null;
  }

  /**
   * Sends bytes of a file from the page cache to a socket, and waits for room in its send buffer.
   *
   * @return the count, or -errno; -EOPNOTSUPP if not all of them are in the page cache, or the
   *     backend cannot find that out, and the caller is to use a worker
   */
  default long sendCached(Descriptor file, long position, Descriptor socket, long length)
      throws IOException {
    return -Errno.EOPNOTSUPP;
  }

  /** Waits for one of the events of {@code poll(2)}, an error or a hang-up; returns 0 or more. */
  int awaitReady(Descriptor pollable, int events) throws IOException;
}
