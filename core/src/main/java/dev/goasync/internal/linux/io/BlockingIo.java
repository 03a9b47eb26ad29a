package dev.goasync.internal.linux.io;

import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * I/O for plain threads: operations block the thread. On regular files it makes the plain call. On
 * descriptors that may wait without end it makes the call only after {@code poll} has reported them
 * ready. The poll also waits for an event counter, so that a close or an interrupt ends the wait.
 *
 * <p>One caller at a time uses an object, from {@link #acquire} to {@link #release}. A few idle
 * objects are kept for later callers.
 */
public final class BlockingIo implements LinuxIo {
  private static final int IDLE_SLOTS = 16;
  private static final AtomicReferenceArray<@Nullable BlockingIo> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  /** A pipe that polls writable has room for at least this many bytes (PIPE_BUF). */
  private static final int PIPE_ROOM = 4096;

  private static final int NO_EVENT = -1;

  /** Shared by all threads that signal: they write the same bytes, and do not read the errno. */
  private static final SystemCalls SIGNALS = new SystemCalls();

  private final SystemCalls calls = new SystemCalls();
  private final NativeBufferPool buffers = new NativeBufferPool(1);
  private InterruptWatch watch = new InterruptWatch(this::signal);
  private volatile int event = NO_EVENT;
  private long timeoutNanos = Poller.FOREVER;

  private final Descriptor.Use use =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {
          signal();
        }
      };

  private BlockingIo() {}

  static BlockingIo acquire() {
    for (int i = 0; i < IDLE_SLOTS; i++) {
      BlockingIo idle = IDLE.get(i) == null ? null : IDLE.getAndSet(i, null);
      if (idle != null) {
        return idle;
      }
    }
    return new BlockingIo();
  }

  /** Sets the longest wait of an operation, until the release. */
  void setTimeout(long nanos) {
    timeoutNanos = nanos;
  }

  @Override
  public void release() {
    timeoutNanos = Poller.FOREVER;
    for (int i = 0; i < IDLE_SLOTS; i++) {
      if (IDLE.compareAndSet(i, null, this)) {
        return;
      }
    }
    if (event != NO_EVENT) {
      calls.close(event);
    }
  }

  private void signal() {
    int counter = event;
    if (counter != NO_EVENT) {
      SIGNALS.signalEvent(counter);
    }
  }

  @Override
  public SystemCalls calls() {
    return calls;
  }

  @Override
  public Descriptor.Use use() {
    return use;
  }

  @Override
  public NativeBuffer acquireBuffer(int wantedBytes) {
    return buffers.acquire(wantedBytes);
  }

  @Override
  public void releaseBuffer(NativeBuffer buffer) {
    buffers.release(buffer);
  }

  @Override
  public void checkCancelled() {
    // a plain thread is not cancelled; an interrupt ends its waits
  }

  @Override
  public void consumeBudget() {
    checkCancelled();
  }

  @Override
  public int openat(long path, int flags, int mode, Object name) {
    int result;
    do {
      result = calls.openat(path, flags, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int openBeneath(Descriptor directory, BeneathOpen request) throws IOException {
    return request.isTooLong() ? -Errno.ENAMETOOLONG : (int) block(directory, "", request::open);
  }

  @Override
  public int close(int fd) {
    int result = calls.close(fd);
    return result == -Errno.EINTR ? 0 : result;
  }

  /** Always returns -EAGAIN, since the blocking read costs no more. */
  @Override
  public int readCached(Descriptor file, long address, int length, long offset) {
    return -Errno.EAGAIN;
  }

  /** A system call on an entered descriptor. */
  @FunctionalInterface
  private interface Call {
    long make(int fd) throws IOException;
  }

  /** Makes the call inside the descriptor, so that a concurrent close does not reuse the number. */
  private long inside(Descriptor descriptor, Call call) throws IOException {
    int fd = descriptor.enter(use);
    try {
      long result = call.make(fd);
      if (result < 0 && descriptor.isClosed()) {
        throw new AsynchronousCloseException();
      }
      return result;
    } finally {
      descriptor.leave(use, calls);
    }
  }

  /** Makes the call until no signal interrupts it. */
  private long uninterrupted(Descriptor descriptor, Call call) throws IOException {
    return inside(
        descriptor,
        fd -> {
          long result;
          do {
            result = call.make(fd);
          } while (result == -Errno.EINTR);
          return result;
        });
  }

  /** Makes the call each time the descriptor is ready, until it does not ask to wait. */
  private int whenReady(Descriptor descriptor, int events, Call call) throws IOException {
    return (int)
        inside(
            descriptor,
            fd -> {
              long result;
              do {
                result = blockUntilReady(descriptor, fd, events);
                if (result == 0) {
                  result = call.make(fd);
                }
              } while (result == -Errno.EINTR || result == -Errno.EAGAIN);
              return result;
            });
  }

  /** Makes the call, which does not block, and waits for readiness when it asks to wait. */
  private int tryFirst(Descriptor descriptor, int events, Call call) throws IOException {
    return (int)
        inside(
            descriptor,
            fd -> {
              long result;
              while ((result = call.make(fd)) == -Errno.EAGAIN || result == -Errno.EINTR) {
                int failed = blockUntilReady(descriptor, fd, events);
                if (failed < 0) {
                  return failed;
                }
              }
              return result;
            });
  }

  @Override
  public int read(Descriptor file, long address, int length, long offset) throws IOException {
    Call read = fd -> calls.read(fd, address, length, offset);
    return waitsWithoutEnd(file)
        ? whenReady(file, Linux.POLLIN, read)
        : tryFirst(file, Linux.POLLIN, read);
  }

  @Override
  public int write(Descriptor file, long address, int length, long offset) throws IOException {
    if (waitsWithoutEnd(file)) {
      int count = Math.min(length, PIPE_ROOM);
      return whenReady(file, Linux.POLLOUT, fd -> calls.write(fd, address, count, offset));
    }
    return tryFirst(file, Linux.POLLOUT, fd -> calls.write(fd, address, length, offset));
  }

  private boolean waitsWithoutEnd(Descriptor file) throws IOException {
    Boolean known = file.mayWaitWithoutEnd();
    if (known != null) {
      return known;
    }
    int fd = file.enter(use);
    try {
      return mayWaitWithoutEnd(file, fd);
    } finally {
      file.leave(use, calls);
    }
  }

  @Override
  public long block(Descriptor file, String what, FileCall call) throws IOException {
    return uninterrupted(file, fd -> call.make(calls, fd));
  }

  @Override
  public int statx(Descriptor file, int mask, long target) throws IOException {
    return (int) block(file, "the attributes of ", (made, fd) -> made.statx(fd, 0, mask, target));
  }

  /**
   * Another thread or process may accept the connection between the poll and the accept. Then the
   * accept blocks for no longer than the listener's receive timeout.
   */
  @Override
  public int accept(Descriptor listener) throws IOException {
    return whenReady(listener, Linux.POLLIN, calls::accept);
  }

  @Override
  public int connect(Descriptor socket, long address, int length) throws IOException {
    return (int)
        inside(
            socket,
            fd -> {
              calls.setNonBlocking(fd, true);
              int result = calls.connect(fd, address, length);
              if (result == -Errno.EINPROGRESS || result == -Errno.EINTR) {
                result = blockUntilReady(socket, fd, Linux.POLLOUT);
                if (result == 0) {
                  result = calls.getsockopt(fd, Linux.SOL_SOCKET, Linux.SO_ERROR, Integer.BYTES);
                  result = result == 0 ? -calls.optionInt(0) : result;
                }
              }
              calls.setNonBlocking(fd, false);
              return result;
            });
  }

  @Override
  public int recv(Descriptor socket, long address, int length) throws IOException {
    return tryFirst(
        socket, Linux.POLLIN, fd -> calls.recv(fd, address, length, Linux.MSG_DONTWAIT));
  }

  @Override
  public int send(Descriptor socket, long address, int length) throws IOException {
    int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
    return tryFirst(socket, Linux.POLLOUT, fd -> calls.send(fd, address, length, flags));
  }

  @Override
  public int awaitReady(Descriptor pollable, int events) throws IOException {
    return (int) inside(pollable, fd -> blockUntilReady(pollable, fd, events));
  }

  /**
   * Waits until the descriptor is ready, or the timeout expires.
   *
   * @param nanos the timeout; {@link Poller#FOREVER} never expires
   * @return 1 if ready, 0 if the timeout expired first, or -errno
   */
  public int awaitReady(Descriptor pollable, int events, long nanos) throws IOException {
    return (int)
        inside(
            pollable,
            fd -> {
              int failed = makeEvent();
              return failed < 0 ? failed : isReadyWithin(nanos, pollable, fd, events) ? 1 : 0;
            });
  }

  private static long left(long nanos, long start) {
    return nanos == Poller.FOREVER
        ? Poller.FOREVER
        : Math.max(0, nanos - (TimeSource.SYSTEM.nanoTime() - start));
  }

  /**
   * Blocks until the descriptor is ready or broken; returns 0, or -errno if the event counter
   * cannot be created. The counter may still be set from an earlier wait, so it proves nothing.
   */
  private int blockUntilReady(Descriptor descriptor, int fd, int events) throws IOException {
    int failed = makeEvent();
    if (failed < 0) {
      return failed;
    }
    if (!isReadyWithin(timeoutNanos, descriptor, fd, events)) {
      throw new SocketTimeoutException("the timeout expired while waiting for " + descriptor);
    }
    return 0;
  }

  private int makeEvent() {
    if (event == NO_EVENT) {
      int created = calls.eventfd();
      if (created < 0) {
        return created;
      }
      event = created;
    }
    return 0;
  }

  private boolean isReadyWithin(long nanos, Descriptor descriptor, int fd, int events)
      throws IOException {
    long start = TimeSource.SYSTEM.nanoTime();
    while (!pollOnce(descriptor, fd, events, left(nanos, start))) {
      if (left(nanos, start) == 0) { // otherwise the event counter or a signal ended the poll
        return false;
      }
    }
    return true;
  }

  private boolean pollOnce(Descriptor descriptor, int fd, int events, long nanos)
      throws IOException {
    boolean ready = false;
    boolean interrupted;
    watch.start();
    try {
      if (!descriptor.isClosed()) {
        calls.poll(fd, events, event, nanos);
        ready = calls.wasReady(0);
        if (calls.wasReady(1)) {
          calls.resetEvent(event); // overwrites the results of poll
        }
      }
    } finally {
      interrupted = watch.stop();
    }
    if (interrupted) {
      watch = new InterruptWatch(this::signal);
      throw new InterruptedIOException("interrupted while waiting for " + descriptor);
    }
    if (descriptor.isClosed()) {
      throw new AsynchronousCloseException();
    }
    return ready;
  }
}
