package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.AcceptPrefetch;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.PollerIo;
import dev.goasync.internal.linux.io.ReceivePrefetch;
import dev.goasync.internal.linux.io.WakeEvent;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A loop's ring and the operations in it.
 *
 * <p>A coroutine queues its operation and pauses. {@link #poll}, on the loop's thread, moves what
 * is queued to the ring as far as there is room, enters the kernel once, and finishes what has
 * completed. Cancelling queues a second operation; the coroutine goes on only when the kernel has
 * completed the first, so a buffer is never touched after the return.
 */
final class UringPoller extends PollerIo {
  private static final int FSYNC_DATASYNC = 1;
  static final int CQE_BUFFER = 1;
  static final int CQE_BUFFER_SHIFT = 16;
  private static final int CQE_MORE = 1 << 1;
  static final int CQE_SOCK_NONEMPTY = 1 << 2;
  private static final int POLL_ADD_MULTI = 1;
  static final int RECV_POLL_FIRST = 1;

  /** A descriptor's, as a name, which is seldom wanted. */
  private record FileNumber(int fd) {
    @Override
    public String toString() {
      return "descriptor " + fd;
    }
  }

  private final Ring ring;
  private final UringFeatures features;

  /** Operations that are not yet in the submission queue, in their order. */
  private final ArrayDeque<UringOperation> queued = new ArrayDeque<>();

  private final OperationPool slots = new OperationPool(this);
  private final MultishotRegistry multishots = new MultishotRegistry(this, slots, calls);

  /**
   * Null before the first poll, since a ring is only its thread's to register with, or for good.
   */
  private @Nullable ReceiveBuffers receiveBuffers;

  private boolean polled;

  /** The operation that polls the wake-up event. */
  private @Nullable UringOperation armedWakeup;

  UringPoller(Loop loop, SystemCalls calls, Ring ring, WakeEvent wakeup, UringFeatures features) {
    super(loop, calls, wakeup);
    this.ring = ring;
    this.features = features;
    armWakeup();
  }

  // ---- polling: the loop's thread ----

  @Override
  public void poll(long timeoutNanos) {
    if (!polled) {
      polled = true;
      receiveBuffers = features.receiveBuffers() ? ReceiveBuffers.register(ring, calls) : null;
    }
    boolean found = reap();
    int taken;
    do {
      fillSubmissionQueue();
      boolean wait = timeoutNanos > 0 && !found && queued.isEmpty();
      if (!wait && ring.unsubmitted() == 0 && !ring.hasKernelWork()) {
        return;
      }
      taken = ring.enter(wait ? timeoutNanos : 0);
      checkEntered(taken);
      found |= reap();
    } while (taken > 0 && (ring.unsubmitted() > 0 || !queued.isEmpty()));
  }

  /**
   * Most failures are over by the loop's next turn: EINTR, a signal; ETIME, the time is over;
   * EBUSY, completions must be read first; EAGAIN, the kernel is short of memory.
   */
  private static void checkEntered(int result) {
    switch (-result) {
      case Errno.EINTR, Errno.ETIME, Errno.EBUSY, Errno.EAGAIN -> {}
      default -> {
        if (result < 0) {
          throw new IllegalStateException("io_uring_enter failed: " + Errno.describe(-result));
        }
      }
    }
  }

  private void fillSubmissionQueue() {
    for (int room = queued.isEmpty() ? 0 : ring.room(); room > 0; room--) {
      UringOperation next = queued.poll();
      if (next == null) {
        return;
      }
      next.writeTo(ring.submissions(), ring.nextSubmission());
      ring.push();
    }
  }

  /** Finishes what has completed; returns whether there was any. */
  private boolean reap() {
    int count = ring.available();
    for (int left = count; left > 0; left--) {
      UringOperation operation = slots.of(ring.userData());
      int result = operation.resultOf(ring.result());
      int flags = ring.flags();
      ring.pop();
      if (operation == armedWakeup) {
        if ((flags & CQE_MORE) == 0) {
          slots.release(operation);
          armWakeup();
        }
      } else if (operation.multishot() != null) {
        operation.multishot().completed(result, flags, (flags & CQE_MORE) != 0);
      } else if (!operation.isOurs()) {
        if (!operation.complete(result, flags)) {
          takePickedBuffer(flags, 0, null);
          queued.add(operation);
        }
      } else {
        cancelAnswered(operation, result);
      }
    }
    if (count > 0) {
      ring.publishHead();
    }
    return count > 0;
  }

  /**
   * ENOENT: the kernel did not find the operation, because it has completed, or because it was just
   * then between two states. In the second case, it is still with us, and we ask again.
   */
  private void cancelAnswered(UringOperation cancel, int result) {
    long target = cancel.cancelTarget();
    slots.release(cancel);
    UringOperation operation = slots.of(target);
    if (result == -Errno.ENOENT && operation.userData() == target && !operation.isFinished()) {
      submitCancel(target);
    }
  }

  /** Polls the wake-up event all the time (multishot, Linux 5.13). */
  private void armWakeup() {
    UringOperation operation =
        slots
            .take()
            .begin(Opcode.POLL_ADD, "a wake-up", false)
            .fill(wakeEvent.fd(), 0, 0, POLL_ADD_MULTI, Linux.POLLIN);
    armedWakeup = operation;
    queued.add(operation);
  }

  @Override
  public void close() {
    try {
      multishots.end();
    } finally {
      wakeEvent.close(calls);
      ring.close();
      if (receiveBuffers != null) {
        receiveBuffers.free(calls);
      }
    }
  }

  // ---- operations that go on: the loop's current fiber, or its thread ----

  @Override
  public @Nullable ReceivePrefetch prefetchReceives(Descriptor socket) {
    return receiveBuffers != null && mayPrefetch()
        ? new MultishotReceive(multishots, socket)
        : null;
  }

  @Override
  public @Nullable AcceptPrefetch prefetchAccepts(Descriptor listener) {
    return mayPrefetch() ? new MultishotAccept(multishots, listener) : null;
  }

  /**
   * Who is not of the loop must be able to end an intake soon, so the loop must always turn; and
   * who is, but blocks it, must be able to enter the ring.
   */
  private boolean mayPrefetch() {
    return features.multishot() && loop.hasOwnThread() && Fiber.runOnLoopThread();
  }

  ReceiveBuffers receiveBuffers() {
    return Objects.requireNonNull(receiveBuffers);
  }

  static Fiber fiber() {
    return caller();
  }

  /** Pauses until something comes from the kernel. */
  void pauseIn(Wait wait, Fiber fiber) {
    enterFlight();
    fiber.pause(wait);
    leaveFlight();
  }

  /** Whether the caller is on the loop's thread and no coroutine: the loop turns after it. */
  boolean isBlockedByCaller() {
    return Fiber.current() == null && loop.isCurrent();
  }

  void queue(UringOperation operation) {
    queued.add(operation);
  }

  void onLoop(Runnable action) {
    runOnLoop(action);
  }

  // ---- operations: the loop's current fiber, or its thread ----

  void submitCancel(long userData) {
    queued.add(
        slots
            .take()
            .begin(Opcode.ASYNC_CANCEL, "a cancellation", false)
            .fill(-1, 0, userData, 0, 0));
  }

  /** A descriptor is closed under the operation. Any thread. */
  void stopFromAnywhere(UringOperation operation, long userData) {
    runOnLoop(() -> {
      if (operation.userData() == userData) {
        operation.stop();
      }
    });
  }

  /** Pauses the current fiber until the kernel has completed the operation. */
  private void await(UringOperation operation, Fiber fiber) {
    operation.setFiber(fiber);
    queued.add(operation);
    enterFlight();
    fiber.pause(operation);
    leaveFlight();
  }

  private int onDescriptor(
      int opcode, Descriptor descriptor, long offset, long address, int length, int flags)
      throws IOException {
    return onDescriptor(opcode, descriptor, offset, address, length, flags, null);
  }

  /**
   * @param picked where the bytes go for which the kernel is to pick a buffer; null if there is
   *     memory at {@code address}
   */
  private int onDescriptor(
      int opcode,
      Descriptor descriptor,
      long offset,
      long address,
      int length,
      int flags,
      @Nullable ByteBuffer picked)
      throws IOException {
    Fiber fiber = caller();
    fiber.checkCancelled();
    boolean waitFirst = opcode == Opcode.RECV && features.pollFirst() && descriptor.isDrained();
    UringOperation operation =
        slots.take().begin(opcode, descriptor, true).withPriority(waitFirst ? RECV_POLL_FIRST : 0);
    if (picked != null) {
      operation.pickingBuffer();
    }
    int result;
    boolean stopped;
    try {
      int fd = descriptor.enter(operation.use);
      try {
        await(operation.fill(fd, offset, address, length, flags), fiber);
      } finally {
        descriptor.leave(operation.use, calls);
      }
      result = operation.result();
      stopped = operation.wasStopped();
      if (opcode == Opcode.RECV) {
        takePickedBuffer(operation.completionFlags(), result, picked);
        descriptor.setDrained((operation.completionFlags() & CQE_SOCK_NONEMPTY) == 0);
      }
    } finally {
      slots.release(operation);
    }
    if (result < 0 && descriptor.isClosed()) {
      throw new AsynchronousCloseException();
    }
    if (stopped) {
      throw fiber.cancellation();
    }
    return result;
  }

  private int onName(
      int opcode, Object name, boolean cancellable, int fd, long address, int length, int flags) {
    Fiber fiber = caller();
    if (cancellable) {
      fiber.checkCancelled();
    }
    UringOperation operation = slots.take().begin(opcode, name, cancellable);
    try {
      await(operation.fill(fd, 0, address, length, flags), fiber);
      if (operation.wasStopped()) {
        throw fiber.cancellation();
      }
      return operation.result();
    } finally {
      slots.release(operation);
    }
  }

  @Override
  public int openat(long path, int flags, int mode, Object name) {
    return onName(Opcode.OPENAT, name, true, Linux.AT_FDCWD, path, mode, flags);
  }

  @Override
  public int close(int fd) {
    return onName(Opcode.CLOSE, new FileNumber(fd), false, fd, 0, 0, 0);
  }

  @Override
  public int read(Descriptor file, long address, int length, long offset) throws IOException {
    return onDescriptor(Opcode.READ, file, offset, address, length, 0);
  }

  @Override
  public int write(Descriptor file, long address, int length, long offset) throws IOException {
    return onDescriptor(Opcode.WRITE, file, offset, address, length, 0);
  }

  @Override
  public int fsync(Descriptor file, boolean dataOnly) throws IOException {
    return onDescriptor(Opcode.FSYNC, file, 0, 0, 0, dataOnly ? FSYNC_DATASYNC : 0);
  }

  /** Before Linux 6.9 a ring cannot do it. */
  @Override
  public int ftruncate(Descriptor file, long size) throws IOException {
    return features.ftruncate()
        ? onDescriptor(Opcode.FTRUNCATE, file, size, 0, 0, 0)
        : super.ftruncate(file, size);
  }

  /** Who shares the socket may have set that it does not block: then the accept ends at once. */
  @Override
  public int accept(Descriptor listener) throws IOException {
    int result;
    while ((result = onDescriptor(Opcode.ACCEPT, listener, 0, 0, 0, Linux.SOCK_CLOEXEC))
        == -Errno.EAGAIN) {
      int failed = awaitReady(listener, Linux.POLLIN);
      if (failed < 0) {
        return failed;
      }
    }
    return result;
  }

  /** The length of the address goes where other operations have their offset. */
  @Override
  public int connect(Descriptor socket, long address, int length) throws IOException {
    return onDescriptor(Opcode.CONNECT, socket, length, address, 0, 0);
  }

  @Override
  public int recv(Descriptor socket, long address, int length) throws IOException {
    return onDescriptor(Opcode.RECV, socket, 0, address, length, 0);
  }

  @Override
  public int recv(Descriptor socket, ByteBuffer target) throws IOException {
    if (!socket.isDrained() || receiveBuffers == null) {
      return -Errno.ENOBUFS;
    }
    int wanted = Math.min(target.remaining(), ReceiveBuffers.SIZE);
    return onDescriptor(Opcode.RECV, socket, 0, 0, wanted, 0, target);
  }

  /** If the kernel picked a buffer, copies what is in it, and gives it back. */
  private void takePickedBuffer(int completionFlags, int count, @Nullable ByteBuffer target) {
    ReceiveBuffers buffers = receiveBuffers;
    if ((completionFlags & CQE_BUFFER) != 0 && buffers != null) {
      int buffer = completionFlags >>> CQE_BUFFER_SHIFT;
      if (count > 0 && target != null) {
        buffers.copyTo(target, buffer, count);
      }
      buffers.release(buffer);
    }
  }

  @Override
  public int send(Descriptor socket, long address, int length) throws IOException {
    return onDescriptor(Opcode.SEND, socket, 0, address, length, Linux.MSG_NOSIGNAL);
  }

  @Override
  public LinuxIo.Sending beginSend(Descriptor socket, ByteBuffer output, Runnable sent)
      throws IOException {
    Fiber fiber = caller();
    fiber.checkCancelled();
    UringOperation operation = slots.take().begin(Opcode.SEND, socket, true);
    int fd;
    try {
      fd = socket.enter(operation.use);
    } catch (ClosedChannelException closed) {
      slots.release(operation);
      throw closed;
    }
    int length = output.remaining();
    NativeBuffer chunk = acquireBuffer(length);
    chunk.copyFrom(output, length, 0);
    operation.fill(fd, 0, chunk.address(), length, Linux.MSG_NOSIGNAL | Linux.MSG_WAITALL);
    operation.beside(chunk, sent);
    operation.setFiber(fiber);
    queued.add(operation);
    enterFlight();
    return operation;
  }

  /** Waits for the end of what {@link #beginSend} began. */
  int endSend(UringOperation operation, Descriptor socket) {
    Fiber fiber = caller();
    if (!operation.isFinished()) {
      fiber.pause(operation);
    }
    leaveFlight();
    socket.leave(operation.use, calls);
    int result = operation.result();
    slots.release(operation);
    return result;
  }

  /**
   * A wake-up for nothing ends the poll of what has two queues, as a terminal has, with EINVAL: the
   * kernel cannot enter both again (Linux 6.18).
   */
  @Override
  public int awaitReady(Descriptor pollable, int events) throws IOException {
    int result;
    do {
      result = onDescriptor(Opcode.POLL_ADD, pollable, 0, 0, 0, events);
    } while (result == -Errno.EINVAL);
    return result;
  }
}
