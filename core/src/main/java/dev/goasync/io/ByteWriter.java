package dev.goasync.io;

import java.io.Flushable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gathers small writes into large ones. What was written goes on to the sink when {@link #CAPACITY}
 * bytes are there, at {@link #flush}, and, for the writer of a {@link ByteStream}, before the
 * coroutine that wrote waits for bytes of the same stream: a server that answers many requests of
 * one read sends the answers at once, and none is forgotten.
 *
 * <pre>{@code
 * ByteWriter out = socket.writer();
 * for (String line; (line = socket.readLine()) != null; ) {
 *   out.writeAll("you said " + line + "\n"); // sent when no further line is there
 * }
 * }</pre>
 *
 * <p>Nothing is lost when a write fails or is cancelled: what has not gone on is kept, and the next
 * write or flush begins with it.
 *
 * <p>One caller at a time; a second one that comes while the first waits gets an {@link
 * IllegalStateException}.
 */
public final class ByteWriter implements ByteSink, Flushable {
  /** How many bytes are gathered. */
  public static final int CAPACITY = 8192;

  /** Room for a short answer, which a writer that is empty keeps. */
  private static final int FEW = 512;

  private final ByteSink sink;
  private final ConcurrentUseGuard turn = new ConcurrentUseGuard("writing");

  /** What {@link #exchange} lets others know with: they may write again. */
  private final Runnable endTurn = turn::end;

  /** What has not gone on lies before its position. Made at the first write. */
  private @Nullable ByteBuffer gathered;

  /** Who wrote last: only this one knows, without a lock, that nobody is writing now. */
  private volatile @Nullable Thread author;

  /** Writes to {@code sink}. */
  public ByteWriter(ByteSink sink) {
    this.sink = Objects.requireNonNull(sink, "sink");
  }

  /** Takes all of {@code source}, waiting only if there is no room for it. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    turn.begin();
    author = Thread.currentThread();
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
      turn.end();
    }
  }

  /** Hands on what was gathered; returns when the sink has it. */
  @Override
  public void flush() throws IOException {
    turn.begin();
    try {
      ByteBuffer room = gathered;
      if (room != null) {
        drain(room);
        gathered = kept(room);
      }
    } finally {
      turn.end();
    }
  }

  /** Flushes if {@link #hasUnflushedOfCaller}. */
  void flushIfOwn() throws IOException {
    if (hasUnflushedOfCaller()) {
      flush();
    }
  }

  /** Whether the caller wrote last, and that has not gone on; what others write, they flush. */
  boolean hasUnflushedOfCaller() {
    return gathered() > 0 && author == Thread.currentThread();
  }

  /**
   * Flushes and reads. While the bytes read are waited for, others may write, once all that there
   * was has gone on; so the buffer leaves the writer meanwhile.
   */
  int exchange(FlushAndRead flushingRead, ByteBuffer target) throws IOException {
    turn.begin();
    ByteBuffer leaving = room(0).flip();
    gathered = null;
    try {
      return flushingRead.exchange(leaving, endTurn, target);
    } finally {
      if (leaving.hasRemaining()) {
        gathered = leaving.compact();
        turn.end();
      } else if (turn.tryBegin()) {
        if (gathered == null) {
          gathered = kept(leaving.clear());
        }
        turn.end();
      }
    }
  }

  /** How many bytes have been written and have not gone on. */
  public int gathered() {
    ByteBuffer current = gathered;
    return current == null ? 0 : current.position();
  }

  private ByteBuffer room(int wanted) {
    ByteBuffer current = gathered;
    if (current == null) {
      current = ByteBuffer.allocate(wanted <= FEW ? FEW : CAPACITY);
      gathered = current;
    } else if (current.remaining() < wanted && current.capacity() < CAPACITY) {
      current = ByteBuffer.allocate(CAPACITY).put(current.flip());
      gathered = current;
    }
    return current;
  }

  /** A large buffer is not for idle writers, of which there may be many. */
  private static @Nullable ByteBuffer kept(ByteBuffer empty) {
    return empty.capacity() > FEW ? null : empty;
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
