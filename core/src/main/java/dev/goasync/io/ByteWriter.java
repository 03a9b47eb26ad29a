package dev.goasync.io;

import java.io.Flushable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A write buffer that combines small writes into large ones, like the JDK's {@code
 * BufferedOutputStream}.
 *
 * <pre>{@code
 * ByteArrayOutputStream bytes = new ByteArrayOutputStream();
 * ByteWriter out = new ByteWriter(Channels.newChannel(bytes)::write);
 * out.writeAll("one\n");
 * out.writeAll("two\n");
 * out.flush();
 * }</pre>
 *
 * <p>The writer passes the buffered bytes to its sink when {@link #CAPACITY} bytes are buffered and
 * at {@link #flush}. The {@linkplain ByteStream#writer writer of a stream} also flushes before the
 * caller that wrote last waits for bytes of the same stream: a server that finds many requests in
 * one read sends all responses with one write, and never waits with responses in the buffer.
 *
 * <p><b>Errors and cancellation.</b> Nothing is lost if a write fails or is cancelled: the bytes
 * that the sink has not taken stay in the buffer, and the next write or flush starts with them.
 *
 * <p><b>Threads.</b> One caller at a time. A second caller that comes while the first one waits
 * gets an {@link IllegalStateException}.
 */
public final class ByteWriter implements ByteSink, Flushable {
  /** How many bytes are buffered at most. */
  public static final int CAPACITY = 8192;

  /** The capacity for short responses, which an empty writer keeps. */
  private static final int SMALL_CAPACITY = 512;

  private final ByteSink sink;
  private final ConcurrentUseGuard guard = new ConcurrentUseGuard("writing");

  /** Run by {@link #flushAndRead} after the flush: other callers can write again. */
  private final Runnable exitGuard = guard::exit;

  /** The buffered bytes are before its position. Allocated by the first write. */
  private @Nullable ByteBuffer buffer;

  /** The last writing thread; only this thread may look at the buffer outside the guard. */
  private volatile @Nullable Thread lastWriter;

  /** Creates a writer with an empty buffer that writes to {@code sink}. */
  public ByteWriter(ByteSink sink) {
    this.sink = Objects.requireNonNull(sink, "sink");
  }

  /**
   * Takes all of {@code source} into the buffer. If the buffer has no room for it, writes to the
   * sink, which can wait.
   *
   * @return the number of bytes that remained in {@code source}
   * @throws IOException if the sink fails
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    guard.enter();
    lastWriter = Thread.currentThread();
    try {
      int before = source.remaining();
      ByteBuffer room = room(before);
      if (before > room.remaining()) {
        drain(room);
        while (source.remaining() >= CAPACITY) {
          sink.write(source);
        }
      }
      room.put(source);
      return before;
    } finally {
      guard.exit();
    }
  }

  /**
   * Writes the buffered bytes to the sink; returns when the sink has taken all of them.
   *
   * @throws IOException if the sink fails
   */
  @Override
  public void flush() throws IOException {
    guard.enter();
    try {
      ByteBuffer room = buffer;
      if (room != null) {
        drain(room);
        buffer = retained(room);
      }
    } finally {
      guard.exit();
    }
  }

  /** Flushes if {@link #hasUnflushedOfCaller}. */
  void flushOfCaller() throws IOException {
    if (hasUnflushedOfCaller()) {
      flush();
    }
  }

  /** Whether there are buffered bytes and the caller wrote last. Other writers flush their own. */
  boolean hasUnflushedOfCaller() {
    return buffered() > 0 && lastWriter == Thread.currentThread();
  }

  /**
   * Flushes and reads. Other callers can write as soon as the buffered bytes are written, while
   * this caller waits for bytes to read; so the buffer is detached from the writer meanwhile.
   */
  int flushAndRead(FlushAndRead operation, ByteBuffer target) throws IOException {
    guard.enter();
    ByteBuffer detached = room(0).flip();
    buffer = null;
    try {
      return operation.flushAndRead(detached, exitGuard, target);
    } finally {
      if (detached.hasRemaining()) {
        buffer = detached.compact();
        guard.exit();
      } else if (guard.tryEnter()) {
        if (buffer == null) {
          buffer = retained(detached.clear());
        }
        guard.exit();
      }
    }
  }

  /** Returns the number of buffered bytes: written to this writer and not to the sink yet. */
  public int buffered() {
    ByteBuffer current = buffer;
    return current == null ? 0 : current.position();
  }

  private ByteBuffer room(int wanted) {
    ByteBuffer current = buffer;
    if (current == null) {
      current = ByteBuffer.allocate(wanted <= SMALL_CAPACITY ? SMALL_CAPACITY : CAPACITY);
      buffer = current;
    } else if (current.remaining() < wanted && current.capacity() < CAPACITY) {
      current = ByteBuffer.allocate(CAPACITY).put(current.flip());
      buffer = current;
    }
    return current;
  }

  /** The buffer to keep: a large one is dropped, as there can be many idle writers. */
  private static @Nullable ByteBuffer retained(ByteBuffer empty) {
    return empty.capacity() > SMALL_CAPACITY ? null : empty;
  }

  private void drain(ByteBuffer room) throws IOException {
    room.flip();
    try {
      while (room.hasRemaining()) {
        sink.write(room);
      }
    } finally {
      room.compact();
    }
  }
}
