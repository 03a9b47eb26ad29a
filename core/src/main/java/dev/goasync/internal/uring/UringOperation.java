package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.BeneathOpen;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.sys.DirectoryCalls;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Faults;
import dev.goasync.internal.sys.Linux;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One io_uring operation: a slot of its poller's {@link OperationPool}, used again and again. It
 * keeps the fields of its submission, so that it can wait for room in the submission queue and be
 * submitted again after EINTR. Owned by the loop. {@link UringPoller} describes its life.
 */
final class UringOperation extends Wait implements LinuxIo.PendingSend, PairedReceive {
  private static final int RECV_POLL_FIRST = 1;
  private static final int RECV_MULTISHOT = 1 << 1;
  private static final int ACCEPT_MULTISHOT = 1;
  private static final int POLL_ADD_MULTI = 1;
  private static final int FSYNC_DATASYNC = 1;

  private static final int INDEX_BITS = 32;
  private static final int SQE_BYTES = 64;
  private static final int USER_DATA_AT = 32;

  /** IOSQE_BUFFER_SELECT (1 << 5), in the byte after the opcode. */
  private static final int BUFFER_SELECT = 1 << 13;

  private final UringPoller poller;
  private final int index;

  /** Distinguishes this use of the slot from earlier ones. */
  private int generation;

  // The submission.
  private int opcode;
  private int priority;
  private boolean selectsBuffer;
  private int fd;
  private long offset;
  private long address;
  private int length;
  private int opFlags;

  /** The waiting fiber; null for an operation of the poller itself. */
  private @Nullable Fiber fiber;

  private Object subject = "";
  private boolean cancellable;
  private boolean stopRequested;
  private boolean cancelRequested;

  // For a send that runs beside a receive: its memory, and the callback for a complete send.
  private @Nullable NativeBuffer buffer;
  private @Nullable Runnable sent;

  /** The owner of a multishot operation, which completes repeatedly. */
  private @Nullable Multishot multishot;

  /** For a receive beside a send: stopped since the send ended early. */
  private boolean abortedBySend;

  private int result;
  private int completionFlags;

  /** The verdict of {@link Faults} on the submission. */
  private int fault;

  /** Closing the descriptor, on any thread, stops the operation if it still runs. */
  final Descriptor.Use use =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {
          poller.stopFromAnyThread(UringOperation.this, userData());
        }
      };

  UringOperation(UringPoller poller, int index) {
    this.poller = poller;
    this.index = index;
  }

  // ---- preparing: one method per operation; the descriptor's number comes by setFd ----

  private UringOperation begin(int newOpcode, Object newSubject, boolean isCancellable) {
    reset();
    generation++;
    opcode = newOpcode;
    subject = newSubject;
    cancellable = isCancellable;
    priority = 0;
    selectsBuffer = false;
    fd = -1;
    offset = 0;
    address = 0;
    length = 0;
    opFlags = 0;
    stopRequested = false;
    cancelRequested = false;
    sent = null;
    multishot = null;
    abortedBySend = false;
    fiber = null;
    return this;
  }

  private UringOperation withMemory(long newAddress, int newLength) {
    address = newAddress;
    length = newLength;
    return this;
  }

  UringOperation openat(long path, int flags, int mode, Object name) {
    begin(Opcode.OPENAT, name, true).withMemory(path, mode);
    fd = Linux.AT_FDCWD;
    opFlags = flags;
    return this;
  }

  /** The kernel reads the address of {@code struct open_how} where others have their offset. */
  UringOperation openat2(Descriptor directory, BeneathOpen request) {
    begin(Opcode.OPENAT2, directory, true).withMemory(request.name(), DirectoryCalls.HOW_BYTES);
    offset = request.how();
    return this;
  }

  UringOperation close(int number) {
    begin(Opcode.CLOSE, new FileNumber(number), false);
    fd = number;
    return this;
  }

  UringOperation read(Descriptor file, long target, int bytes, long position) {
    begin(Opcode.READ, file, true).withMemory(target, bytes);
    offset = position;
    return this;
  }

  UringOperation write(Descriptor file, long source, int bytes, long position) {
    begin(Opcode.WRITE, file, true).withMemory(source, bytes);
    offset = position;
    return this;
  }

  UringOperation fsync(Descriptor file, boolean dataOnly) {
    begin(Opcode.FSYNC, file, true);
    opFlags = dataOnly ? FSYNC_DATASYNC : 0;
    return this;
  }

  UringOperation ftruncate(Descriptor file, long size) {
    begin(Opcode.FTRUNCATE, file, true);
    offset = size;
    return this;
  }

  UringOperation accept(Descriptor listener) {
    begin(Opcode.ACCEPT, listener, true);
    opFlags = Linux.SOCK_CLOEXEC;
    return this;
  }

  /** The kernel reads the length of the address where other operations have their offset. */
  UringOperation connect(Descriptor socket, long encoded, int bytes) {
    begin(Opcode.CONNECT, socket, true);
    address = encoded;
    offset = bytes;
    return this;
  }

  /**
   * A receive.
   *
   * @param pollFirst whether the kernel waits for readiness before it tries (Linux 5.19)
   */
  UringOperation receive(Descriptor socket, long target, int bytes, boolean pollFirst) {
    begin(Opcode.RECV, socket, true).withMemory(target, bytes);
    priority = pollFirst ? RECV_POLL_FIRST : 0;
    return this;
  }

  /** A receive into one of {@link ReceiveBuffers}, which the kernel selects. */
  UringOperation receiveSelected(Descriptor socket, int bytes, boolean pollFirst) {
    receive(socket, 0, bytes, pollFirst);
    selectsBuffer = true;
    return this;
  }

  UringOperation send(Descriptor socket, long source, int bytes, int flags) {
    begin(Opcode.SEND, socket, true).withMemory(source, bytes);
    opFlags = flags;
    return this;
  }

  /** Waits for events of {@code poll(2)}. */
  UringOperation poll(Descriptor pollable, int events) {
    begin(Opcode.POLL_ADD, pollable, true);
    opFlags = events;
    return this;
  }

  /** Polls the wake-up event repeatedly (multishot, Linux 5.13). */
  UringOperation pollWakeups(int event) {
    begin(Opcode.POLL_ADD, "a wake-up", false);
    fd = event;
    length = POLL_ADD_MULTI;
    opFlags = Linux.POLLIN;
    return this;
  }

  UringOperation acceptMultishot(Descriptor listener, Multishot owner) {
    begin(Opcode.ACCEPT, listener, false);
    priority = ACCEPT_MULTISHOT;
    opFlags = Linux.SOCK_CLOEXEC;
    multishot = owner;
    return this;
  }

  UringOperation receiveMultishot(Descriptor socket, Multishot owner) {
    begin(Opcode.RECV, socket, false);
    priority = RECV_MULTISHOT | RECV_POLL_FIRST;
    selectsBuffer = true;
    multishot = owner;
    return this;
  }

  /** Cancels the operation that has the user data {@code target}. */
  UringOperation cancelOf(long target) {
    begin(Opcode.ASYNC_CANCEL, "a cancellation", false);
    address = target;
    return this;
  }

  /**
   * Makes a send run beside a receive.
   *
   * @param memory released as soon as the send is over
   * @param whenSent called when all bytes are sent
   */
  void runBeside(NativeBuffer memory, Runnable whenSent) {
    buffer = memory;
    sent = whenSent;
  }

  void setFd(int number) {
    fd = number;
  }

  int fd() {
    return fd;
  }

  void setFiber(Fiber waiting) {
    fiber = waiting;
  }

  // ---- identity and state ----

  static int indexOf(long userData) {
    return (int) userData;
  }

  /** Identifies this use of the slot, in the kernel too. */
  long userData() {
    return (long) generation << INDEX_BITS | index;
  }

  /** Whether the poller itself started the operation: no fiber waits. */
  boolean isInternal() {
    return fiber == null;
  }

  /** The user data of the operation that this one cancels. */
  long cancelTarget() {
    return address;
  }

  /** The owner of a multishot operation; null for a one-shot operation. */
  @Nullable Multishot multishot() {
    return multishot;
  }

  /** A multishot operation has completed for the last time. */
  void endMultishot() {
    multishot = null;
    finishBeforePause();
  }

  int result() {
    return result;
  }

  int completionFlags() {
    return completionFlags;
  }

  boolean isReceive() {
    return opcode == Opcode.RECV;
  }

  boolean isStopRequested() {
    return stopRequested;
  }

  /** Whether the operation was stopped before anything happened. */
  boolean wasStopped() {
    return stopRequested && !abortedBySend && isInterruption(result);
  }

  /**
   * Whether the operation was stopped by a cancel, which came before any close. A close that
   * followed may have ended the operation with another error.
   */
  boolean wasStoppedByCancel(boolean closed) {
    return cancelRequested && (isInterruption(result) || (closed && result < 0));
  }

  private static boolean isInterruption(int result) {
    return result == -Errno.ECANCELED || result == -Errno.EINTR;
  }

  // ---- the kernel: the loop's thread ----

  /** Writes the submission, {@code struct io_uring_sqe}. */
  void writeTo(ByteBuffer sqes, int at) {
    write(sqes, at, length);
    if (Faults.ON) {
      fault = Faults.decide(Faults.Site.RING, opcode, length);
      if (fault > 0) {
        write(sqes, at, fault);
      } else if (fault < 0 && opcode != Opcode.CLOSE) { // a close that fails has closed
        sqes.put(at, new byte[SQE_BYTES]);
        sqes.putInt(at, Opcode.NOP);
        sqes.putLong(at + USER_DATA_AT, userData());
      }
    }
  }

  /** The kernel's result, or the one that {@link Faults} injected. */
  int resultOf(int completed) {
    return Faults.ON && fault < 0 ? fault : completed;
  }

  private void write(ByteBuffer sqes, int at, int bytes) {
    sqes.putShort(at, (short) (selectsBuffer ? opcode | BUFFER_SELECT : opcode));
    sqes.putShort(at + 2, (short) priority);
    sqes.putInt(at + 4, fd);
    sqes.putLong(at + 8, offset);
    sqes.putLong(at + 16, address);
    sqes.putInt(at + 24, bytes);
    sqes.putInt(at + 28, opFlags);
    sqes.putLong(at + USER_DATA_AT, userData());
    sqes.putLong(at + 40, ReceiveBuffers.GROUP);
    sqes.putLong(at + 48, 0);
    sqes.putLong(at + 56, 0);
  }

  /**
   * Processes a completion; returns false if nothing happened and the operation must be submitted
   * again.
   */
  boolean complete(int res, int flags) {
    completionFlags = flags;
    if (opcode == Opcode.CLOSE) { // never repeated: the number may be another file's already
      result = res == -Errno.EINTR ? 0 : res;
    } else if (mustRepeat(res)) {
      if (!stopRequested) {
        return false;
      }
      result = -Errno.ECANCELED;
    } else {
      result = res;
    }
    Fiber waiting = fiber;
    Runnable whenSent = sent;
    if (waiting != null && whenSent != null) {
      finishBesideReceive(waiting, whenSent);
    } else if (waiting != null) {
      finish(waiting);
    }
    return true;
  }

  private boolean mustRepeat(int res) {
    return res == -Errno.EINTR || (res == -Errno.EAGAIN && opcode != Opcode.ACCEPT);
  }

  /** The fiber may still be in the receive; a complete send does not wake it there. */
  private void finishBesideReceive(Fiber waiting, Runnable whenSent) {
    if (buffer != null) {
      poller.releaseBuffer(buffer);
      buffer = null;
    }
    Wait current = waiting.waiting();
    if (result == length) {
      whenSent.run();
    } else if (current != this && current instanceof PairedReceive receive) {
      receive.abort();
    }
    if (current == this) {
      finish(waiting);
    } else {
      finishBeforePause();
    }
  }

  // ---- ending early: the loop's thread, or its current fiber ----

  /** Queues a cancellation of the operation, once per use. */
  void stop() {
    if (!stopRequested && !isFinished()) {
      stopRequested = true;
      poller.submitCancel(userData());
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (cancellable) {
      cancelRequested |= !stopRequested;
      stop();
    }
  }

  @Override
  public void abort() {
    abortedBySend = true;
    stop();
  }

  @Override
  public int await() {
    return poller.awaitSend(this, (Descriptor) subject);
  }

  @Override
  public String describe() {
    return Opcode.describe(opcode) + " " + subject;
  }

  @Override
  public Object kind() {
    return Opcode.kind(opcode);
  }

  @Override
  public int descriptor() {
    return fd;
  }

  @Override
  public WaitDetails details() {
    WaitDetails details = WaitDetails.of(describe()).withDescriptor(fd, subject);
    return Opcode.transfersBytes(opcode) ? details.withBytes(length) : details;
  }

  @Override
  public boolean isExternal() {
    return true;
  }

  /** The name of a descriptor that is being closed, formatted only when asked for. */
  private record FileNumber(int fd) {
    @Override
    public String toString() {
      return "descriptor " + fd;
    }
  }
}
