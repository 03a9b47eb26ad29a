package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.sys.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Multishot receive, for a connection that is read in small pieces. Bytes are copied from the
 * buffer that the kernel selected to the waiting reader, otherwise to the heap, and the buffer
 * returns to the kernel at once: a slow reader holds no buffer that other connections need.
 */
final class MultishotReceive extends Multishot implements Prefetch.OfBytes, PairedReceive {
  /** With more unread bytes than this, the kernel stops until all are read. */
  private static final int MAX_UNREAD = 4 * ReceiveBuffers.SIZE;

  private static final byte[] EMPTY = {};

  /** The reader's buffer; null outside {@link #receive}. */
  private @Nullable ByteBuffer target;

  /** Whether nothing has been received since the operation was armed. */
  private boolean justArmed;

  private byte[] unread = EMPTY;
  private int from;
  private int to;

  MultishotReceive(UringPoller poller, Descriptor descriptor) {
    super(poller, descriptor);
  }

  @Override
  public int receive(LinuxIo io, ByteBuffer into) throws IOException {
    target = into;
    try {
      return next(io);
    } finally {
      target = null;
    }
  }

  @Override
  UringOperation prepare(UringOperation operation) {
    justArmed = true;
    return operation.receiveMultishot(descriptor, this);
  }

  @Override
  public int kept() {
    return to - from;
  }

  @Override
  int removeKept() {
    ByteBuffer into = target();
    int count = Math.min(kept(), into.remaining());
    into.put(unread, from, count);
    from += count;
    if (from == to) {
      unread = EMPTY;
      from = 0;
      to = 0;
    }
    return count;
  }

  private ByteBuffer target() {
    if (target == null) {
      throw new IllegalStateException("no read of " + descriptor + " is under way");
    }
    return target;
  }

  @Override
  boolean isLast(int completed) {
    return completed <= 0;
  }

  @Override
  void deliver(int count, int flags) {
    if ((flags & Ring.CQE_BUFFER) != 0) {
      deliverBuffer(count, flags >>> Ring.CQE_BUFFER_SHIFT);
    }
    if (justArmed && count > 0) {
      justArmed = false;
      stopIfHungUp();
    }
    if (count == ReceiveBuffers.SIZE && (flags & Ring.CQE_SOCK_NONEMPTY) != 0) {
      requestStop(); // bulk data is better received in large pieces
    } else if (kept() > MAX_UNREAD) {
      stopArming();
    }
  }

  private void deliverBuffer(int count, int buffer) {
    ReceiveBuffers buffers = poller.receiveBuffers();
    int delivered = 0;
    if (isAwaited()) {
      delivered = Math.min(count, target().remaining());
      buffers.copyTo(target(), buffer, delivered);
      wake(delivered);
    }
    int rest = count - delivered;
    if (rest > 0) {
      makeRoom(rest);
      buffers.copyTo(unread, to, buffer, delivered, rest);
      to += rest;
    }
    buffers.release(buffer);
  }

  private void makeRoom(int bytes) {
    if (unread.length - to < bytes) {
      int kept = kept();
      byte[] roomy = kept + bytes > unread.length ? new byte[2 * (kept + bytes)] : unread;
      System.arraycopy(unread, from, roomy, 0, kept);
      unread = roomy;
      from = 0;
      to = kept;
    }
  }

  @Override
  public void abort() {
    wake(-Errno.ECANCELED);
  }

  @Override
  public String describe() {
    return "bytes from " + descriptor;
  }

  @Override
  public Object kind() {
    return "bytes from a descriptor";
  }
}
