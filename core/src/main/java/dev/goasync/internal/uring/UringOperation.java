package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Faults;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One operation with the kernel, or on its way there: a slot of its poller, used again and again.
 * It keeps its submission's fields, so that it can wait for room in the queue and be submitted
 * again after EINTR. Owned by the loop.
 */
final class UringOperation extends Wait implements LinuxIo.Sending, PairedReceive {
  private static final int INDEX_BITS = 32;
  private static final int SQE_BYTES = 64;
  private static final int USER_DATA_AT = 32;

  /** IOSQE_BUFFER_SELECT (1 << 5), in the byte behind the opcode. */
  private static final int BUFFER_SELECT = 1 << 13;

  private final UringPoller poller;
  private final int index;

  /** Tells this use of the slot from the earlier ones. */
  private int generation;

  // The submission.
  private int opcode;
  private int priority;
  private boolean picksBuffer;
  private int fd;
  private long offset;
  private long address;
  private int length;
  private int opFlags;

  /** Who waits; null for an operation of the poller's own. */
  private @Nullable Fiber fiber;

  private Object subject = "";
  private boolean cancellable;
  private boolean stopAsked;

  // For a send beside a receive: what lends its bytes, and what to call when all is sent.
  private @Nullable NativeBuffer chunk;
  private @Nullable Runnable sent;

  /** Whose it is, if it completes again and again. */
  private @Nullable Multishot multishot;

  /** For a receive beside a send: stopped because the send ended early. */
  private boolean abortedBySend;

  private int result;
  private int completionFlags;

  /** What {@link Faults} made of the submission. */
  private int fault;

  /** Closing the descriptor from any thread: the loop cancels the operation if it still runs. */
  final Descriptor.Use use =
      new Descriptor.Use() {
        @Override
        protected void interrupt() {
          poller.stopFromAnywhere(UringOperation.this, userData());
        }
      };

  UringOperation(UringPoller poller, int index) {
    this.poller = poller;
    this.index = index;
  }

  /** Begins a new use of the slot. */
  UringOperation begin(int newOpcode, Object newSubject, boolean isCancellable) {
    reset();
    generation++;
    opcode = newOpcode;
    priority = 0;
    picksBuffer = false;
    subject = newSubject;
    cancellable = isCancellable;
    stopAsked = false;
    sent = null;
    multishot = null;
    abortedBySend = false;
    fiber = null;
    return this;
  }

  /** Fills in the submission; the meaning of each field depends on the opcode. */
  UringOperation fill(int onFd, long atOffset, long atAddress, int ofLength, int flags) {
    fd = onFd;
    offset = atOffset;
    address = atAddress;
    length = ofLength;
    opFlags = flags;
    return this;
  }

  /** Sets the field {@code ioprio}, which is a set of flags in some opcodes. */
  UringOperation withPriority(int flags) {
    priority = flags;
    return this;
  }

  /** Leaves it to the kernel to pick one of {@link ReceiveBuffers}. */
  UringOperation pickingBuffer() {
    picksBuffer = true;
    return this;
  }

  /** Says for whom it completes again and again. */
  void beginMultishot(Multishot owner) {
    multishot = owner;
  }

  /** For whom it completes again and again; null if it does once. */
  @Nullable Multishot multishot() {
    return multishot;
  }

  /** It completes no more. */
  void endMultishot() {
    multishot = null;
    finishBeforePause();
  }

  void setFiber(Fiber waiting) {
    fiber = waiting;
  }

  static int indexOf(long userData) {
    return (int) userData;
  }

  /** Names this use of the slot, to the kernel too. */
  long userData() {
    return (long) generation << INDEX_BITS | index;
  }

  boolean isOurs() {
    return fiber == null;
  }

  /** The use of the slot that a cancelling operation is aimed at. */
  long cancelTarget() {
    return address;
  }

  int result() {
    return result;
  }

  int completionFlags() {
    return completionFlags;
  }

  /** Makes it a send beside a receive; {@code lent} is returned as soon as it is over. */
  void beside(NativeBuffer lent, Runnable whenSent) {
    chunk = lent;
    sent = whenSent;
  }

  @Override
  public int end() {
    return poller.endSend(this, (Descriptor) subject);
  }

  boolean isStopAsked() {
    return stopAsked;
  }

  /** Whether the result says that nothing happened because the operation was to be cancelled. */
  boolean wasStopped() {
    return stopAsked && !abortedBySend && (result == -Errno.ECANCELED || result == -Errno.EINTR);
  }

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

  /** The kernel's result, or what {@link Faults} put in its place. */
  int resultOf(int completed) {
    return Faults.ON && fault < 0 ? fault : completed;
  }

  private void write(ByteBuffer sqes, int at, int bytes) {
    sqes.putShort(at, (short) (picksBuffer ? opcode | BUFFER_SELECT : opcode));
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
   * The kernel is done with it; returns false if it must be submitted again, nothing having
   * happened.
   */
  boolean complete(int res, int flags) {
    completionFlags = flags;
    if (opcode == Opcode.CLOSE) { // to be done once: the number may be another file's by now
      result = res == -Errno.EINTR ? 0 : res;
    } else if (res == -Errno.EINTR || (res == -Errno.EAGAIN && opcode != Opcode.ACCEPT)) {
      if (!stopAsked) {
        return false;
      }
      result = -Errno.ECANCELED;
    } else {
      result = res;
    }
    Fiber waiting = fiber;
    Runnable whenSent = sent;
    if (waiting != null && whenSent != null) {
      finishBeside(waiting, whenSent);
    } else if (waiting != null) {
      finish(waiting);
    }
    return true;
  }

  /** The fiber may be in the receive yet; it is not woken from there if all went well. */
  private void finishBeside(Fiber waiting, Runnable whenSent) {
    if (chunk != null) {
      poller.releaseBuffer(chunk);
      chunk = null;
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

  @Override
  public void abort() {
    abortedBySend = true;
    stop();
  }

  /** Asks the kernel to stop, once. Loop's thread or current fiber. */
  void stop() {
    if (!stopAsked && !isFinished()) {
      stopAsked = true;
      poller.submitCancel(userData());
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (cancellable) {
      stop();
    }
  }

  @Override
  public String describe() {
    return Opcode.describe(opcode) + " " + subject;
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
