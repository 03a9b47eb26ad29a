package dev.goasync.testing;

import dev.goasync.io.ByteStream;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/**
 * One end of a duplex byte stream in memory: a replacement for a socket in tests, without a network
 * and on a {@linkplain TestLoop virtual clock}.
 *
 * <pre>{@code
 * MemoryStream.Pair pair = MemoryStream.pair(1024);
 * GoAsync.goAsync(() -> {
 *   pair.second().writeAll("you sent " + pair.second().readLine() + "\n");
 * });
 * pair.first().writeAll("hello\n");
 * System.out.println(pair.first().readLine());
 * }</pre>
 *
 * <p>Each direction has a buffer. A write waits while its buffer is full, a read waits while its
 * buffer is empty. {@link #shutdownOutput} ends one direction. {@link #close} ends both: reads of
 * the peer return the buffered bytes and then -1, its writes throw {@link IOException}.
 *
 * <p><b>Threads.</b> As a {@link ByteStream}: one reader and one writer at a time for each end, on
 * any loop or thread.
 */
public final class MemoryStream extends ByteStream {
  /**
   * The two ends of a stream; each reads what is written to the opposite one.
   *
   * @param first one end
   * @param second the opposite end
   */
  public record Pair(MemoryStream first, MemoryStream second) {}

  private final Direction in;
  private final Direction out;

  private MemoryStream(Direction in, Direction out) {
    super(in::read);
    this.in = in;
    this.out = out;
  }

  /**
   * Creates a connected pair.
   *
   * @param capacity how many bytes the buffer of each direction holds
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static Pair pair(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be positive: " + capacity);
    }
    Direction there = new Direction(capacity);
    Direction back = new Direction(capacity);
    return new Pair(new MemoryStream(back, there), new MemoryStream(there, back));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return out.write(Objects.requireNonNull(source, "source"));
  }

  /**
   * Ends the direction to the peer: its reads return the buffered bytes and then -1. This end can
   * still read. Bytes in {@link #writer} are not flushed. No effect if the direction has ended.
   *
   * @throws ClosedChannelException if this end is closed
   */
  public void shutdownOutput() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    out.shutDown();
  }

  @Override
  protected void closeHandle() {
    out.closeWriter();
    in.closeReader();
  }

  /**
   * A buffer between one writer and one reader. Its monitor guards the fields. The events are set
   * outside the monitor: a call from another loop waits for the events' home loop, which could wait
   * for the monitor.
   */
  private static final class Direction {
    private static final int WOULD_WAIT = -2;

    private final ByteBuffer buffer;
    private final Event readable = Event.autoReset();
    private final Event writable = Event.autoReset();
    private boolean shutDown;
    private boolean writerClosed;
    private boolean readerClosed;

    /** The buffered bytes are before the buffer's position. */
    Direction(int capacity) {
      buffer = ByteBuffer.allocate(capacity);
    }

    int read(ByteBuffer target) throws IOException {
      int count = tryRead(target, false);
      while (count == WOULD_WAIT) {
        readable.await();
        count = tryRead(target, true);
      }
      if (count > 0) {
        writable.set();
      }
      return count;
    }

    private synchronized int tryRead(ByteBuffer target, boolean waited) throws IOException {
      checkOpen(readerClosed, waited);
      if (target.isReadOnly()) {
        throw new IllegalArgumentException("target is read-only");
      }
      if (buffer.position() > 0 || !target.hasRemaining()) {
        int count = move(buffer.flip(), target);
        buffer.compact();
        return count;
      }
      return shutDown || writerClosed ? -1 : WOULD_WAIT;
    }

    int write(ByteBuffer source) throws IOException {
      int count = tryWrite(source, false);
      while (count == WOULD_WAIT) {
        writable.await();
        count = tryWrite(source, true);
      }
      if (count > 0) {
        readable.set();
      }
      return count;
    }

    private synchronized int tryWrite(ByteBuffer source, boolean waited) throws IOException {
      checkOpen(writerClosed, waited);
      if (shutDown) {
        throw new IOException("the output of this end was shut down");
      }
      if (readerClosed) {
        throw new IOException("broken pipe: the opposite end is closed");
      }
      return buffer.hasRemaining() || !source.hasRemaining() ? move(source, buffer) : WOULD_WAIT;
    }

    private static void checkOpen(boolean closed, boolean waited) throws ClosedChannelException {
      if (closed) {
        throw waited ? new AsynchronousCloseException() : new ClosedChannelException();
      }
    }

    private static int move(ByteBuffer from, ByteBuffer to) {
      int count = Math.min(from.remaining(), to.remaining());
      to.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      return count;
    }

    void shutDown() {
      synchronized (this) {
        shutDown = true;
      }
      wake();
    }

    void closeWriter() {
      synchronized (this) {
        writerClosed = true;
      }
      wake();
    }

    void closeReader() {
      synchronized (this) {
        readerClosed = true;
      }
      wake();
    }

    /** Wakes a waiting reader and a waiting writer, which check the state again. */
    private void wake() {
      readable.set();
      writable.set();
    }
  }
}
