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
 * Operations that block the thread. Regular files: the plain call. All that may wait without end:
 * the call only when {@code poll} says that it will not block, while an event counter beside it in
 * the poll lets a close or an interrupt end the wait.
 *
 * <p>An object serves one borrower at a time; a few idle ones are kept for the next.
 */
public final class BlockingIo implements LinuxIo {
  private static final int IDLE_SLOTS = 16;
  private static final AtomicReferenceArray<@Nullable BlockingIo> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  /** A blocking pipe that polls writable has room for this much (PIPE_BUF). */
  private static final int PIPE_ROOM = 4096;

  private static final int NO_EVENT = -1;

  /** Shared by all that signal: each writes the same bytes to it, and nobody reads its errno. */
  private static final SystemCalls SIGNALS = new SystemCalls();

  private final SystemCalls calls = new SystemCalls();
  private final NativeBufferPool chunks = new NativeBufferPool(1);
  private InterruptWatch watch = new InterruptWatch(this::signal);
  private volatile int event = NO_EVENT;
  private long limitNanos = Poller.FOREVER;

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

  /** How long an operation may wait, until this is given back. */
  void limit(long nanos) {
    limitNanos = nanos;
  }

  @Override
  public void release() {
    limitNanos = Poller.FOREVER;
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
    return chunks.take(wantedBytes);
  }

  @Override
  public void releaseBuffer(NativeBuffer chunk) {
    chunks.release(chunk);
  }

  @Override
  public void checkCancelled() {
    // an interrupt ends a wait, and there is none here
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
  public int close(int fd) {
    int result = calls.close(fd);
    return result == -Errno.EINTR ? 0 : result;
  }

  /** Says EAGAIN always, since the blocking read costs no more. */
  @Override
  public int readCached(Descriptor file, long address, int length, long offset) {
    return -Errno.EAGAIN;
  }

  @Override
  public int read(Descriptor file, long address, int length, long offset) throws IOException {
    int fd = file.enter(use);
    try {
      int result;
      do {
        result = mayWaitWithoutEnd(file, fd) ? blockUntilReady(file, fd, Linux.POLLIN) : 0;
        if (result == 0) {
          result = calls.read(fd, address, length, offset);
        }
      } while (result == -Errno.EINTR || result == -Errno.EAGAIN);
      return checked(file, result);
    } finally {
      file.leave(use, calls);
    }
  }

  @Override
  public int write(Descriptor file, long address, int length, long offset) throws IOException {
    int fd = file.enter(use);
    try {
      int result;
      int count = length;
      do {
        result = 0;
        if (mayWaitWithoutEnd(file, fd)) {
          result = blockUntilReady(file, fd, Linux.POLLOUT);
          count = Math.min(length, PIPE_ROOM);
        }
        if (result == 0) {
          result = calls.write(fd, address, count, offset);
        }
      } while (result == -Errno.EINTR || result == -Errno.EAGAIN);
      return checked(file, result);
    } finally {
      file.leave(use, calls);
    }
  }

  @Override
  public long block(Descriptor file, String what, FileCall call) throws IOException {
    int fd = file.enter(use);
    try {
      long result;
      do {
        result = call.make(calls, fd);
      } while (result == -Errno.EINTR);
      if (result < 0 && file.isClosed()) {
        throw new AsynchronousCloseException();
      }
      return result;
    } finally {
      file.leave(use, calls);
    }
  }

  @Override
  public int statx(Descriptor file, int mask, long target) throws IOException {
    return (int) block(file, "the attributes of ", (made, fd) -> made.statx(fd, 0, mask, target));
  }

  /**
   * A connection that polled ready may be gone, or another's, by the time of the accept, which then
   * blocks for no longer than the listener's receive timeout.
   */
  @Override
  public int accept(Descriptor listener) throws IOException {
    int fd = listener.enter(use);
    try {
      int result;
      do {
        result = blockUntilReady(listener, fd, Linux.POLLIN);
        if (result == 0) {
          result = calls.accept(fd);
        }
      } while (result == -Errno.EAGAIN || result == -Errno.EINTR);
      return checked(listener, result);
    } finally {
      listener.leave(use, calls);
    }
  }

  @Override
  public int connect(Descriptor socket, long address, int length) throws IOException {
    int fd = socket.enter(use);
    try {
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
      return checked(socket, result);
    } finally {
      socket.leave(use, calls);
    }
  }

  @Override
  public int recv(Descriptor socket, long address, int length) throws IOException {
    int fd = socket.enter(use);
    try {
      int result;
      while ((result = calls.recv(fd, address, length, Linux.MSG_DONTWAIT)) == -Errno.EAGAIN
          || result == -Errno.EINTR) {
        int failed = blockUntilReady(socket, fd, Linux.POLLIN);
        if (failed < 0) {
          return checked(socket, failed);
        }
      }
      return checked(socket, result);
    } finally {
      socket.leave(use, calls);
    }
  }

  @Override
  public int send(Descriptor socket, long address, int length) throws IOException {
    int fd = socket.enter(use);
    try {
      int flags = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;
      int result;
      while ((result = calls.send(fd, address, length, flags)) == -Errno.EAGAIN
          || result == -Errno.EINTR) {
        int failed = blockUntilReady(socket, fd, Linux.POLLOUT);
        if (failed < 0) {
          return checked(socket, failed);
        }
      }
      return checked(socket, result);
    } finally {
      socket.leave(use, calls);
    }
  }

  @Override
  public int awaitReady(Descriptor pollable, int events) throws IOException {
    int fd = pollable.enter(use);
    try {
      return checked(pollable, blockUntilReady(pollable, fd, events));
    } finally {
      pollable.leave(use, calls);
    }
  }

  /**
   * Like the other, for a limited time.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return 1, 0 if the time was over first, or -errno
   */
  public int awaitReady(Descriptor pollable, int events, long nanos) throws IOException {
    int fd = pollable.enter(use);
    try {
      int failed = makeEvent();
      if (failed < 0) {
        return failed;
      }
      return isReadyWithin(nanos, pollable, fd, events) ? 1 : 0;
    } finally {
      pollable.leave(use, calls);
    }
  }

  private static long left(long nanos, long start) {
    return nanos == Poller.FOREVER
        ? Poller.FOREVER
        : Math.max(0, nanos - (TimeSource.SYSTEM.nanoTime() - start));
  }

  /**
   * Blocks until the descriptor is ready or broken; returns 0, or -errno if it cannot wait, for
   * want of a descriptor for the event. A signal may be left over from an earlier wait, so the
   * event proves nothing.
   */
  private int blockUntilReady(Descriptor descriptor, int fd, int events) throws IOException {
    int failed = makeEvent();
    if (failed < 0) {
      return failed;
    }
    if (!isReadyWithin(limitNanos, descriptor, fd, events)) {
      throw new SocketTimeoutException("the time to wait for " + descriptor + " is over");
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
      if (left(nanos, start) == 0) { // else it was a signal, ours or the system's
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
          calls.resetEvent(event); // overwrites what poll told
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

  private static int checked(Descriptor descriptor, int result) throws IOException {
    if (result < 0 && descriptor.isClosed()) {
      throw new AsynchronousCloseException();
    }
    return result;
  }
}
