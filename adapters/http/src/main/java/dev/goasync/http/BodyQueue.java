package dev.goasync.http;

import dev.goasync.sync.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message on an HTTP/2 stream: the connection adds what the peer sends, a coroutine
 * reads it. Flow control limits what is added before it is read, and one array holds it, however
 * small the frames are. Owned by the loop.
 */
final class BodyQueue extends InputStream {
  private static final int INITIAL_BYTES = 1024;
  private static final byte[] NO_BYTES = {};

  /** Allows the peer to send more. */
  @FunctionalInterface
  interface Credit {
    void add(int count) throws IOException;
  }

  private final RequestBody.Continue whenRead;
  private final Credit credit;
  private final Duration stallTimeout;
  private final long maxBytes;
  private final Event changed = Event.autoReset();
  private byte[] bytes = NO_BYTES;
  private int start;
  private int end;
  private long total;
  private boolean complete;
  private @Nullable IOException failure;

  /**
   * Creates an empty queue.
   *
   * @param stallTimeout how long a read waits for the peer
   * @param whenRead called before a read that waits
   */
  BodyQueue(long maxBytes, Duration stallTimeout, RequestBody.Continue whenRead, Credit credit) {
    this.whenRead = whenRead;
    this.maxBytes = maxBytes;
    this.stallTimeout = stallTimeout;
    this.credit = credit;
  }

  // ---- for the connection ----

  /** Adds bytes, as far as a body may have. */
  void add(ByteBuffer source) {
    total += source.remaining();
    if (total > maxBytes) {
      source.position(source.limit());
      fail(RequestBody.tooLarge(maxBytes));
      return;
    }
    int count = source.remaining();
    makeRoom(count);
    source.get(bytes, end, count);
    end += count;
    changed.set();
  }

  private void makeRoom(int count) {
    if (bytes.length - end >= count) {
      return;
    }
    int held = end - start;
    byte[] target =
        bytes.length >= held + count && start >= held
            ? bytes
            : new byte[Math.max(INITIAL_BYTES, Math.max(held + count, 2 * held))];
    System.arraycopy(bytes, start, target, 0, held);
    bytes = target;
    start = 0;
    end = held;
  }

  /** Returns how many bytes have been added. */
  long total() {
    return total;
  }

  void complete() {
    complete = true;
    changed.set();
  }

  boolean isComplete() {
    return complete;
  }

  /** Ends the body; reads throw. */
  void fail(IOException cause) {
    if (failure == null && !complete) {
      failure = cause;
    }
    start = 0;
    end = 0;
    bytes = NO_BYTES;
    changed.set();
  }

  // ---- for the reader ----

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (start == end) {
      IOException failed = failure;
      if (failed instanceof StatusException refused) {
        throw new StatusException(refused.status(), String.valueOf(refused.getMessage()));
      }
      if (failed != null) {
        throw new IOException(failed.getMessage(), failed);
      }
      if (complete) {
        return -1;
      }
      whenRead.send();
      if (!changed.tryAwait(stallTimeout)) {
        throw new StatusException(408, "the body did not come in time");
      }
    }
    int count = Math.min(length, end - start);
    System.arraycopy(bytes, start, target, offset, count);
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (!complete) {
      credit.add(count);
    }
    return count;
  }

  @Override
  public int available() {
    return end - start;
  }
}
