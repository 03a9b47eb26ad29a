package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.BeneathOpen;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.PollerIo;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.linux.io.WakeEvent;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Openat2;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A loop's io_uring: queues the operations of the loop's coroutines, submits them and finishes
 * them.
 *
 * <p><b>Life of an operation.</b> Transitions and the thread that makes them:
 *
 * <pre>
 * FREE       in the {@link OperationPool}
 *   | acquired, prepared and queued: the fiber, which then pauses
 * QUEUED     in {@link #queued}, in order of submission
 *   | {@link #poll} moves it to the submission queue when that has room: the loop's thread
 * SUBMITTED  the kernel owns the memory at the operation's address
 *   | {@link #reap} reads its completion: the loop's thread
 *   |   EINTR, EAGAIN, and no stop requested: back to QUEUED
 * COMPLETED  has its result; the fiber is unparked
 *   | the fiber reads the result and releases the operation
 * FREE
 * </pre>
 *
 * <p>The user data of a submission is the slot's index and its generation, so a late cancellation
 * never hits the next use of the slot.
 *
 * <p><b>Life of a cancel.</b>
 *
 * <ol>
 *   <li>A cancel of the fiber calls {@link UringOperation#cancel}. A close of the descriptor, on
 *       any thread, sends {@link UringOperation#stop} to the loop. The first of them queues one
 *       ASYNC_CANCEL with the user data of the operation; the operation keeps waiting. As the queue
 *       is in order, the kernel sees the operation before its cancellation.
 *   <li>The kernel answers the cancellation. 0: it cancelled the operation, which completes with
 *       ECANCELED. EALREADY: the operation runs and completes soon. ENOENT: the operation has
 *       completed, or the kernel was moving it between two of its lists and did not find it. In the
 *       last case the slot still has the same user data and is not finished; the poller queues the
 *       cancellation again.
 *   <li>Only the completion of the operation itself finishes it, whatever the answer was. So the
 *       kernel never touches memory after the caller has returned.
 *   <li>With ECANCELED or EINTR nothing has happened: the caller throws its cancellation, or
 *       AsynchronousCloseException if the close came first. Any other result is returned, since the
 *       operation has taken effect.
 * </ol>
 */
final class UringPoller extends PollerIo {
  private final Ring ring;
  private final UringFeatures features;

  /** Operations that are not yet in the submission queue, in order. */
  private final ArrayDeque<UringOperation> queued = new ArrayDeque<>();

  private final OperationPool pool = new OperationPool(this);
  private final TransferSupport support;
  final MultishotRegistry multishots = new MultishotRegistry(this, pool, calls);

  /**
   * Null before the first poll, since only the thread that polls may register buffers, and for good
   * if the kernel has no such buffers.
   */
  private @Nullable ReceiveBuffers receiveBuffers;

  private boolean polled;

  /** The operation that polls the wake-up event. */
  private @Nullable UringOperation armedWakeup;

  UringPoller(Loop loop, SystemCalls calls, Ring ring, WakeEvent wakeup, UringFeatures features) {
    super(loop, calls, wakeup, true);
    this.ring = ring;
    this.features = features;
    this.support = new TransferSupport(this, features);
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
      Ring.checkEntered(taken);
      found |= reap();
    } while (taken > 0 && (ring.unsubmitted() > 0 || !queued.isEmpty()));
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

  /** Processes all completions; returns whether there were any. */
  private boolean reap() {
    int count = ring.available();
    for (int left = count; left > 0; left--) {
      UringOperation operation = pool.of(ring.userData());
      int result = operation.resultOf(ring.result());
      int flags = ring.flags();
      ring.pop();
      completed(operation, result, flags);
    }
    if (count > 0) {
      ring.publishHead();
    }
    return count > 0;
  }

  private void completed(UringOperation operation, int result, int flags) {
    if (operation == armedWakeup) {
      if ((flags & Ring.CQE_MORE) == 0) {
        pool.release(operation);
        armWakeup();
      }
    } else if (operation.multishot() != null) {
      operation.multishot().completed(result, flags, (flags & Ring.CQE_MORE) != 0);
    } else if (operation.isInternal()) {
      cancelAnswered(operation, result);
    } else if (!operation.complete(result, flags)) {
      releaseSelectedBuffer(flags, 0, null);
      queued.add(operation);
    }
  }

  /** See "Life of a cancel", step 2. */
  private void cancelAnswered(UringOperation cancel, int result) {
    long target = cancel.cancelTarget();
    pool.release(cancel);
    UringOperation operation = pool.of(target);
    if (result == -Errno.ENOENT && operation.userData() == target && !operation.isFinished()) {
      submitCancel(target);
    }
  }

  private void armWakeup() {
    UringOperation operation = pool.acquire().pollWakeups(wakeEvent.fd());
    armedWakeup = operation;
    queued.add(operation);
  }

  @Override
  public void close() {
    try {
      multishots.stopAll();
    } finally {
      wakeEvent.close(calls);
      ring.close();
      if (receiveBuffers != null) {
        receiveBuffers.free(calls);
      }
    }
  }

  // ---- multishot operations: the loop's current fiber, or its thread ----

  @Override
  public Prefetch.@Nullable OfBytes prefetchReceives(Descriptor socket) {
    return receiveBuffers != null && mayPrefetch() ? new MultishotReceive(this, socket) : null;
  }

  @Override
  public Prefetch.@Nullable OfConnections prefetchAccepts(Descriptor listener) {
    return mayPrefetch() ? new MultishotAccept(this, listener) : null;
  }

  /**
   * Prefetching needs a loop with a thread of its own, so that other threads can stop the prefetch
   * soon, and full mode, so that a caller which blocks the loop is on the thread that may enter the
   * ring.
   */
  private boolean mayPrefetch() {
    return features.multishot() && loop.hasOwnThread() && Fiber.runOnLoopThread();
  }

  ReceiveBuffers receiveBuffers() {
    return Objects.requireNonNull(receiveBuffers);
  }

  static Fiber currentFiber() {
    return caller();
  }

  /** Pauses the fiber until a completion ends the wait. */
  void pauseIn(Wait wait, Fiber fiber) {
    enterFlight();
    fiber.pause(wait);
    leaveFlight();
  }

  /** Whether the caller is on the loop's thread and not in a coroutine: it blocks the loop. */
  boolean isBlockedByCaller() {
    return Fiber.current() == null && loop.isCurrent();
  }

  void queue(UringOperation operation) {
    queued.add(operation);
  }

  void execute(Runnable action) {
    runOnLoop(action);
  }

  // ---- one-shot operations: the loop's current fiber, or its thread ----

  void submitCancel(long userData) {
    queued.add(pool.acquire().cancelOf(userData));
  }

  /** Stops the operation if its slot is still in the same use. Any thread. */
  void stopFromAnyThread(UringOperation operation, long userData) {
    runOnLoop(() -> {
      if (operation.userData() == userData) {
        operation.stop();
      }
    });
  }

  /** Queues the operation and pauses the fiber until it is completed. */
  private void await(UringOperation operation, Fiber fiber) {
    operation.setFiber(fiber);
    queued.add(operation);
    enterFlight();
    fiber.pause(operation);
    leaveFlight();
  }

  private int run(UringOperation operation, Descriptor descriptor) throws IOException {
    return run(operation, descriptor, null);
  }

  /**
   * Runs an operation on a descriptor.
   *
   * @param target receives the bytes of a buffer that the kernel selected; null for other
   *     operations
   */
  private int run(UringOperation operation, Descriptor descriptor, @Nullable ByteBuffer target)
      throws IOException {
    try {
      Fiber fiber = caller();
      fiber.checkCancelled();
      operation.setFd(descriptor.enter(operation.use));
      try {
        await(operation, fiber);
      } finally {
        descriptor.leave(operation.use, calls);
      }
      int result = operation.result();
      if (operation.isReceive()) {
        int flags = operation.completionFlags();
        releaseSelectedBuffer(flags, result, target);
        descriptor.setDrained((flags & Ring.CQE_SOCK_NONEMPTY) == 0);
      }
      if (operation.wasStoppedByCancel(descriptor.isClosed())) {
        throw fiber.cancellation();
      }
      if (result < 0 && descriptor.isClosed()) {
        throw new AsynchronousCloseException();
      }
      if (operation.wasStopped()) {
        throw fiber.cancellation();
      }
      return result;
    } finally {
      pool.release(operation);
    }
  }

  @Override
  public int openat(long path, int flags, int mode, Object name) {
    Fiber fiber = caller();
    fiber.checkCancelled();
    UringOperation operation = pool.acquire().openat(path, flags, mode, name);
    try {
      await(operation, fiber);
      if (operation.wasStopped()) {
        throw fiber.cancellation();
      }
      return operation.result();
    } finally {
      pool.release(operation);
    }
  }

  @Override
  protected int openNotCached(Descriptor directory, BeneathOpen request) throws IOException {
    return Openat2.SUPPORTED
        ? run(pool.acquire().openat2(directory, request), directory)
        : super.openNotCached(directory, request);
  }

  @Override
  public int close(int fd) {
    UringOperation operation = pool.acquire().close(fd);
    try {
      await(operation, caller());
      return operation.result();
    } finally {
      pool.release(operation);
    }
  }

  @Override
  public int read(Descriptor file, long address, int length, long offset) throws IOException {
    if (offset == Linux.AT_POSITION && support.isMissingFor(file)) {
      return transferWhenReady(file, Linux.POLLIN, fd -> readAvailable(fd, address, length));
    }
    return run(pool.acquire().read(file, address, length, offset), file);
  }

  @Override
  public int write(Descriptor file, long address, int length, long offset) throws IOException {
    if (offset == Linux.AT_POSITION && support.isMissingFor(file)) {
      return transferWhenReady(
          file, Linux.POLLOUT, fd -> calls.write(fd, address, length, Linux.AT_POSITION));
    }
    return run(pool.acquire().write(file, address, length, offset), file);
  }

  @Override
  public int fsync(Descriptor file, boolean dataOnly) throws IOException {
    return run(pool.acquire().fsync(file, dataOnly), file);
  }

  /** Before Linux 6.9 io_uring has no such operation, and a worker makes the call. */
  @Override
  public int ftruncate(Descriptor file, long size) throws IOException {
    return features.ftruncate()
        ? run(pool.acquire().ftruncate(file, size), file)
        : super.ftruncate(file, size);
  }

  /** EAGAIN: another process that has the socket made it non-blocking. */
  @Override
  public int accept(Descriptor listener) throws IOException {
    int result;
    while ((result = run(pool.acquire().accept(listener), listener)) == -Errno.EAGAIN) {
      int failed = awaitReady(listener, Linux.POLLIN);
      if (failed < 0) {
        return failed;
      }
    }
    return result;
  }

  @Override
  public int connect(Descriptor socket, long address, int length) throws IOException {
    return run(pool.acquire().connect(socket, address, length), socket);
  }

  @Override
  public int recv(Descriptor socket, long address, int length) throws IOException {
    if (mustAttemptFirst() && !socket.isDrained()) {
      consumeBudget();
      int result = attempt(socket, fd -> calls.recv(fd, address, length, Linux.MSG_DONTWAIT));
      socket.setDrained(result < length && !socket.hasShortReceives());
      if (result != -Errno.EAGAIN) {
        return result;
      }
    }
    return run(pool.acquire().receive(socket, address, length, pollFirst(socket)), socket);
  }

  @Override
  public int recv(Descriptor socket, ByteBuffer target) throws IOException {
    if (!socket.isDrained() || receiveBuffers == null) {
      return -Errno.ENOBUFS;
    }
    int wanted = Math.min(target.remaining(), ReceiveBuffers.SIZE);
    return run(pool.acquire().receiveSelected(socket, wanted, pollFirst(socket)), socket, target);
  }

  private boolean pollFirst(Descriptor socket) {
    return features.pollFirst() && socket.isDrained();
  }

  /** If the kernel selected a buffer, copies its bytes and returns it to the kernel. */
  private void releaseSelectedBuffer(int flags, int count, @Nullable ByteBuffer target) {
    ReceiveBuffers buffers = receiveBuffers;
    if ((flags & Ring.CQE_BUFFER) != 0 && buffers != null) {
      int buffer = flags >>> Ring.CQE_BUFFER_SHIFT;
      if (count > 0 && target != null) {
        buffers.copyTo(target, buffer, count);
      }
      buffers.release(buffer);
    }
  }

  /**
   * In portable mode a coroutine must not pause for an operation that needs no wait. It may hold a
   * lock; a second coroutine that wants the lock blocks the loop, and the first would wait for a
   * completion that the loop never reads.
   */
  private static boolean mustAttemptFirst() {
    return !Fiber.runOnLoopThread();
  }

  @Override
  public int send(Descriptor socket, long address, int length) throws IOException {
    if (mustAttemptFirst()) {
      int result = trySend(socket, address, length);
      if (result != -Errno.EAGAIN) {
        return result;
      }
    }
    return run(pool.acquire().send(socket, address, length, Linux.MSG_NOSIGNAL), socket);
  }

  @Override
  public LinuxIo.@Nullable PendingSend beginSend(
      Descriptor socket, ByteBuffer output, Runnable sent) throws IOException {
    Fiber fiber = caller();
    fiber.checkCancelled();
    if (isShortOfBuffers()) {
      return null;
    }
    int length = output.remaining();
    NativeBuffer buffer = acquireBuffer(length);
    buffer.copyFrom(output, length, 0);
    int flags = Linux.MSG_NOSIGNAL | (features.sendAll() ? Linux.MSG_WAITALL : 0);
    UringOperation operation = pool.acquire().send(socket, buffer.address(), length, flags);
    try {
      operation.setFd(socket.enter(operation.use));
    } catch (ClosedChannelException closed) {
      releaseBuffer(buffer);
      pool.release(operation);
      throw closed;
    }
    operation.runBeside(buffer, sent);
    operation.setFiber(fiber);
    queued.add(operation);
    enterFlight();
    return operation;
  }

  /** Waits for the end of a send of {@link #beginSend}. */
  int awaitSend(UringOperation operation, Descriptor socket) {
    Fiber fiber = caller();
    if (!operation.isFinished()) {
      fiber.pause(operation);
    }
    leaveFlight();
    socket.leave(operation.use, calls);
    int result = operation.result();
    pool.release(operation);
    return result;
  }

  /**
   * A spurious wake-up of a file with two wait queues, such as a terminal, ends the poll with
   * EINVAL: the kernel cannot wait in both queues again (Linux 6.18).
   */
  @Override
  public int awaitReady(Descriptor pollable, int events) throws IOException {
    if (events == ONLY_HANG_UP) {
      return HangUpWatch.await(this, calls, pollable);
    }
    int result;
    do {
      result = run(pool.acquire().poll(pollable, events), pollable);
    } while (result == -Errno.EINVAL);
    return result;
  }
}
