package dev.goasync.internal.linux.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.SystemCalls;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the pollers of Linux have in common: the {@code LinuxIo} of a loop's coroutines, which pause
 * in it. Owned by the loop's thread or its current fiber.
 */
public abstract class PollerIo implements Poller, LinuxIo {
  private static final int IDLE_CHUNKS = 32;

  protected final Loop loop;
  protected final SystemCalls calls;
  protected final WakeEvent wakeEvent;
  private final NativeBufferPool chunks = new NativeBufferPool(IDLE_CHUNKS);
  private int inFlight;

  /** For calls that end by themselves. */
  private final Descriptor.Use immediate =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {}
      };

  /** Takes over the event, not the loop. */
  protected PollerIo(Loop loop, SystemCalls calls, WakeEvent wakeEvent) {
    this.loop = loop;
    this.calls = calls;
    this.wakeEvent = wakeEvent;
  }

  /** The fiber that calls. */
  protected static Fiber caller() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      throw new IllegalStateException("a loop's I/O serves the coroutines of that loop only");
    }
    return fiber;
  }

  /** An operation began to wait for the kernel or a worker. */
  protected final void enterFlight() {
    inFlight++;
  }

  /** It no longer does. */
  protected final void leaveFlight() {
    inFlight--;
  }

  /** A call that blocks a worker. */
  protected interface WorkerCall {
    /** Makes it with an {@code LinuxIo} that blocks. */
    long on(LinuxIo blocking) throws IOException;
  }

  /** Has a worker make a call while the coroutine pauses. */
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

  /** Runs something short on the loop, for which the end of all operations may be too late. */
  protected final void runOnLoop(Runnable action) {
    try {
      loop.execute(action);
    } catch (RejectedExecutionException loopClosed) {
      // then no operation is under way
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
   * Called at once: the attributes of an open file are in memory, but on some network file systems.
   * A ring would hand the call to a helper thread always.
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
    return chunks.take(wantedBytes);
  }

  @Override
  public final void releaseBuffer(NativeBuffer chunk) {
    chunks.release(chunk);
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
