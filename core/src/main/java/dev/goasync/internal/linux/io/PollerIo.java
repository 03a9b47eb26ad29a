package dev.goasync.internal.linux.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Base class of the Linux pollers: I/O for a loop's coroutines, which pause while they wait. Owned
 * by the loop's thread or its current fiber.
 */
public abstract class PollerIo implements Poller, LinuxIo {
  private static final int MAX_IDLE_BUFFERS = 32;

  /** The smallest pages; with larger ones the kernel counts fewer, and a worker sends. */
  private static final long PAGE_BYTES = 4096;

  /** With more bytes held than this, writers wait without holding a buffer. */
  private static final int MAX_HELD_BYTES = 1 << 20;

  protected final Loop loop;
  protected final SystemCalls calls;
  protected final WakeEvent wakeEvent;
  private final NativeBufferPool buffers = new NativeBufferPool(MAX_IDLE_BUFFERS);
  private int inFlight;

  /** Bytes of native buffers that operations hold. */
  private int heldBytes;

  /** The use for calls that do not wait; a close has nothing to interrupt. */
  private final Descriptor.Use immediate =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {}
      };

  /** The same for a second descriptor. */
  private final Descriptor.Use immediateOutput =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {}
      };

  /** Whether the sockets of the backend are in blocking mode. */
  private final boolean socketsBlock;

  /** Takes ownership of the event. */
  protected PollerIo(Loop loop, SystemCalls calls, WakeEvent wakeEvent, boolean socketsBlock) {
    this.socketsBlock = socketsBlock;
    this.loop = loop;
    this.calls = calls;
    this.wakeEvent = wakeEvent;
  }

  /** The calling fiber. */
  protected static Fiber caller() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      throw new IllegalStateException("not in a coroutine of the loop that this I/O belongs to");
    }
    return fiber;
  }

  /** Counts an operation that starts to wait for the kernel or a worker. */
  protected final void enterFlight() {
    inFlight++;
  }

  /** Counts the end of the wait. */
  protected final void leaveFlight() {
    inFlight--;
  }

  /** A call that blocks a worker. */
  protected interface WorkerCall {
    /** Makes the call with a {@code LinuxIo} that blocks. */
    long on(LinuxIo blocking) throws IOException;
  }

  /** Pauses the coroutine while a worker makes a call. */
  protected final long onWorker(String what, Object subject, WorkerCall call) throws IOException {
    enterFlight();
    try {
      return Workers.OF_IO.run(
          Workers.Duration.BOUNDED,
          what + subject,
          () -> {
            LinuxIo io = LinuxIo.acquireBlocking();
            try {
              return call.on(io);
            } finally {
              io.release();
            }
          });
    } finally {
      leaveFlight();
    }
  }

  @Override
  public final long block(Descriptor file, String what, FileCall call) throws IOException {
    return onWorker(what, file, io -> io.block(file, what, call));
  }

  @Override
  public final boolean isAlone() {
    return inFlight == 0 || !socketsBlock; // only a ring, whose sockets block, has batches
  }

  @Override
  public final int openCached(byte[] path, int flags) {
    if (!isAlone()) {
      return -Errno.EAGAIN;
    }
    BeneathOpen request = BeneathOpen.anywhere(this, path, flags);
    try {
      if (request.isTooLong() || !request.mayBeCached()) {
        return -Errno.EAGAIN;
      }
      consumeBudget();
      int opened = request.openCached(calls, Linux.AT_FDCWD);
      return opened == -Errno.EINTR ? -Errno.EAGAIN : opened;
    } finally {
      request.release();
    }
  }

  /** Opens what is in the kernel's cache of names at once. */
  @Override
  public final int openBeneath(Descriptor directory, BeneathOpen request) throws IOException {
    if (request.isTooLong()) {
      return -Errno.ENAMETOOLONG;
    }
    if (request.mayBeCached()) {
      consumeBudget();
      int opened = attempt(directory, fd -> request.openCached(calls, fd));
      if (opened != -Errno.EAGAIN) {
        return opened;
      }
    }
    return openNotCached(directory, request);
  }

  /** Opens a path beneath a directory; the kernel may have to read the directories. */
  protected int openNotCached(Descriptor directory, BeneathOpen request) throws IOException {
    return (int) block(directory, "the opening of a path in ", request::openUnlessPeerIsMissing);
  }

  /** A system call on a descriptor that returns -EAGAIN where it would block. */
  protected interface Transfer {
    /** Makes the call; returns a count or -errno. */
    int attempt(int fd);
  }

  /** Attempts a transfer once; returns -EAGAIN if it would block. */
  protected final int attempt(Descriptor descriptor, Transfer transfer) throws IOException {
    int fd = descriptor.enter(immediate);
    try {
      int result = transfer.attempt(fd);
      return result == -Errno.EINTR ? -Errno.EAGAIN : result;
    } finally {
      descriptor.leave(immediate, calls);
    }
  }

  /** Attempts a transfer, and waits for readiness while it would block. */
  protected final int transferWhenReady(Descriptor file, int event, Transfer transfer)
      throws IOException {
    consumeBudget();
    int result;
    while ((result = attempt(file, transfer)) == -Errno.EAGAIN) {
      int ready = awaitReady(file, event);
      if (ready < 0) {
        return ready;
      }
    }
    return result;
  }

  /** Reads in non-blocking mode; returns -EAGAIN also if a FIFO has had no writer yet. */
  protected final int readAvailable(int fd, long address, int length) {
    int count = calls.read(fd, address, length, Linux.AT_POSITION);
    return count == 0 && awaitsFirstWriter(fd) ? -Errno.EAGAIN : count;
  }

  /**
   * Whether a read of 0 bytes is not the end: a FIFO whose first writer has yet to open it. The
   * kernel reports a hang-up only after there was a writer.
   */
  private boolean awaitsFirstWriter(int fd) {
    return typeOf(fd) == Linux.S_IFIFO && calls.pollNow(fd, Linux.POLLIN) == 0;
  }

  /** Runs a short action on the loop; does nothing if the loop is closed. */
  protected final void runOnLoop(Runnable action) {
    try {
      loop.execute(action);
    } catch (RejectedExecutionException loopClosed) {
      // no operation is under way in a closed loop
    }
  }

  @Override
  public final void wakeup() {
    wakeEvent.signal();
  }

  @Override
  public final int inFlight() {
    return inFlight;
  }

  @Override
  public final int readCached(Descriptor file, long address, int length, long offset)
      throws IOException {
    consumeBudget();
    int fd = file.enter(immediate);
    try {
      int result = calls.readNoWait(fd, address, length, offset);
      return result == -Errno.EINTR ? -Errno.EAGAIN : result;
    } finally {
      file.leave(immediate, calls);
    }
  }

  /**
   * Sends on the loop's thread what does not wait for a disk. Not to a socket that another process
   * has too, since the call changes its blocking mode for a moment.
   */
  @Override
  public final long sendCached(Descriptor file, long position, Descriptor socket, long length)
      throws IOException {
    if (socket.isShared()) {
      return -Errno.EOPNOTSUPP;
    }
    consumeBudget();
    long result;
    while ((result = trySendCached(file, position, socket, length)) == -Errno.EAGAIN) {
      int ready = awaitReady(socket, Linux.POLLOUT);
      if (ready < 0) {
        return ready;
      }
    }
    return result;
  }

  private long trySendCached(Descriptor file, long position, Descriptor socket, long length)
      throws IOException {
    int in = file.enter(immediate);
    try {
      long pages = Math.ceilDiv(position + length, PAGE_BYTES) - position / PAGE_BYTES;
      if (calls.cachedPages(in, position, length) < pages) {
        return -Errno.EOPNOTSUPP;
      }
      int out = socket.enter(immediateOutput);
      try {
        long result = sendWithoutWaiting(out, in, position, length);
        return result == -Errno.EINTR ? -Errno.EAGAIN : result;
      } finally {
        socket.leave(immediateOutput, calls);
      }
    } finally {
      file.leave(immediate, calls);
    }
  }

  /** {@code sendfile} has no flag for a single call, so a socket's mode is changed around it. */
  private long sendWithoutWaiting(int out, int in, long position, long length) {
    if (!socketsBlock) {
      return calls.sendfile(out, in, position, length);
    }
    calls.setFlags(out, Linux.O_NONBLOCK);
    try {
      return calls.sendfile(out, in, position, length);
    } finally {
      calls.setFlags(out, 0);
    }
  }

  /**
   * Made on the loop's thread: the attributes of an open file are in memory, except on some network
   * file systems. io_uring would always use a kernel worker.
   */
  @Override
  public final int statx(Descriptor file, int mask, long target) throws IOException {
    checkCancelled();
    int fd = file.enter(immediate);
    try {
      int result;
      do {
        result = calls.statx(fd, 0, mask, target);
      } while (result == -Errno.EINTR);
      return result;
    } finally {
      file.leave(immediate, calls);
    }
  }

  @Override
  public final void release() {}

  @Override
  public final SystemCalls calls() {
    return calls;
  }

  @Override
  public final Descriptor.Use use() {
    return immediate;
  }

  @Override
  public final NativeBuffer acquireBuffer(int wantedBytes) {
    NativeBuffer buffer = buffers.acquire(wantedBytes);
    heldBytes += buffer.capacity();
    return buffer;
  }

  @Override
  public final boolean isShortOfBuffers() {
    return heldBytes >= MAX_HELD_BYTES;
  }

  @Override
  public final void releaseBuffer(NativeBuffer buffer) {
    heldBytes -= buffer.capacity();
    buffers.release(buffer);
  }

  @Override
  public final void checkCancelled() {
    caller().checkCancelled();
  }

  @Override
  public final void consumeBudget() {
    Fiber fiber = caller();
    fiber.checkCancelled();
    fiber.consumeBudget();
  }
}
