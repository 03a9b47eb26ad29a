package dev.goasync.internal.uring;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.ReceivePrefetch;
import dev.goasync.internal.sys.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Receives for a connection that is read in small pieces. Bytes go from the buffer that the kernel
 * picked to the reader that waits, else to the heap, and the buffer is the kernel's again at once:
 * a slow reader holds none that others need.
 */
final class MultishotReceive extends Multishot implements ReceivePrefetch, PairedReceive {
  /** With more unread than this, the kernel is asked to stop until all is read. */
  private static final int MAX_UNREAD = 4 * ReceiveBuffers.SIZE;

  private static final int RECV_MULTISHOT = 1 << 1;
  private static final byte[] EMPTY = {};

  /** Where the reader wants the bytes; null outside of {@link #receive}. */
  private @Nullable ByteBuffer target;

  private byte[] unread = EMPTY;
  private int from;
  private int to;

  MultishotReceive(MultishotRegistry all, Descriptor descriptor) {
    super(all, descriptor);
  }

  @Override
  public int receive(LinuxIo io, ByteBuffer into) throws IOException {
    target = into;
    try {
      return take(io);
    } finally {
      target = null;
    }
  }

  @Override
  UringOperation operation() {
    return all.begin(Opcode.RECV, descriptor)
        .withPriority(RECV_MULTISHOT | UringPoller.RECV_POLL_FIRST)
        .pickingBuffer();
  }

  @Override
  public int kept() {
    return to - from;
  }

  @Override
  int takeKept() {
    ByteBuffer into = target();
    int taken = Math.min(kept(), into.remaining());
    into.put(unread, from, taken);
    from += taken;
    if (from == to) {
      unread = EMPTY;
      from = 0;
      to = 0;
    }
    return taken;
  }

  private ByteBuffer target() {
    if (target == null) {
      throw new IllegalStateException("nobody reads from " + descriptor);
    }
    return target;
  }

  @Override
  boolean isEnding(int last) {
    return last <= 0;
  }

  @Override
  void keep(int count, int flags) {
    if ((flags & UringPoller.CQE_BUFFER) != 0) {
      keepBuffer(count, flags >>> UringPoller.CQE_BUFFER_SHIFT);
    }
    if (count == ReceiveBuffers.SIZE && (flags & UringPoller.CQE_SOCK_NONEMPTY) != 0) {
      orderEnd(); // a bulk of bytes is better received in large pieces
    } else if (kept() > MAX_UNREAD) {
      rest();
    }
  }

  private void keepBuffer(int count, int buffer) {
    ReceiveBuffers buffers = poller.receiveBuffers();
    int given = 0;
    if (isWaitedFor()) {
      given = Math.min(count, target().remaining());
      buffers.copyTo(target(), buffer, given);
      wake(given);
    }
    int left = count - given;
    if (left > 0) {
      makeRoom(left);
      buffers.copyTo(unread, to, buffer, given, left);
      to += left;
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
}
