package dev.goasync.http;

import dev.goasync.io.ByteStream;
import dev.goasync.io.ByteWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of a connection for HttpCore, which keeps the watch informed. Bytes stay in the write
 * buffer of the stream until it is full, until {@link #flushNow}, or until the connection waits for
 * its next request. Owned by the loop.
 */
final class StreamOutput extends OutputStream {
  private static final int MAX_PIECE = 64 * 1024;

  private final ByteStream stream;
  private final ByteWriter writer;
  private @Nullable Watch watch;
  private @Nullable Thread lastWriter;
  private boolean failed;

  StreamOutput(ByteStream stream) {
    this.stream = stream;
    this.writer = stream.writer();
  }

  void watchBy(Watch newWatch) {
    watch = newWatch;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    lastWriter = Thread.currentThread();
    if (length <= ByteWriter.CAPACITY - writer.buffered()) {
      writer.write(ByteBuffer.wrap(bytes, offset, length)); // does not wait
      return;
    }
    for (int at = 0; at < length; at += MAX_PIECE) {
      ByteBuffer piece = ByteBuffer.wrap(bytes, offset + at, Math.min(MAX_PIECE, length - at));
      waiting(() -> writer.write(piece));
    }
  }

  /** Does nothing: HttpCore flushes at the end of each message. */
  @Override
  public void flush() {}

  /** Writes the buffered bytes to the stream. */
  void flushNow() throws IOException {
    if (writer.buffered() > 0) {
      waiting(writer::flush);
    }
  }

  /**
   * Flushes what another coroutine has written last: the caller's next wait for bytes flushes only
   * its own.
   */
  void flushOfOthers() throws IOException {
    if (lastWriter != Thread.currentThread()) {
      flushNow();
    }
  }

  /** An operation that waits for room. */
  @FunctionalInterface
  interface Operation {
    void run() throws IOException;
  }

  /** Runs an operation on the stream as a wait for room. */
  void waiting(Operation operation) throws IOException {
    Watch current = watch;
    Watch.Phase before = current == null ? Watch.Phase.HANDLER : current.phase();
    if (current != null) {
      current.enter(Watch.Phase.WRITE);
    }
    boolean written = false;
    try {
      operation.run();
      written = true;
    } finally {
      failed |= !written;
      if (current != null) {
        current.enter(before);
      }
    }
  }

  /** Says that a wait for room makes progress. */
  void progress() {
    Watch current = watch;
    if (current != null) {
      current.enter(Watch.Phase.WRITE);
    }
  }

  ByteStream stream() {
    return stream;
  }

  /** Whether a write has failed. */
  boolean hasFailed() {
    return failed;
  }
}
