package dev.goasync.process;

import dev.goasync.GoAsync;
import dev.goasync.io.TooLongException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Collects the output of a process up to a limit, and copies it to another stream if asked to. */
final class Capture {
  /** Small, since every waiting coroutine keeps a buffer; replaced when more output arrives. */
  private static final int FIRST_READ = 4096;

  private static final int LATER_READ = 64 * 1024;

  /** The largest pipe that Linux creates for unprivileged users. */
  private static final int MAX_PIPE_BYTES = 1 << 20;

  private final PipeStream source;
  private final int maxBytes;
  private final @Nullable OutputStream copy;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_READ);

  Capture(PipeStream source, int maxBytes, @Nullable OutputStream copy) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.copy = copy;
  }

  /** Reads until every writer has closed the pipe, or the caller is cancelled. */
  void readToEnd() throws IOException {
    while (read(Integer.MAX_VALUE) >= 0) {
      if (!buffer.hasRemaining() && buffer.capacity() < LATER_READ) {
        buffer = ByteBuffer.allocate(LATER_READ);
      }
    }
  }

  /**
   * Reads what is in the pipe now, without waiting. The process has ended, so its own output is
   * complete; but other processes that share the pipe may write without end, so at most the
   * capacity of a pipe is read.
   */
  void readAvailable() throws IOException {
    int taken = 0;
    for (int left = source.available();
        left > 0 && taken < MAX_PIPE_BYTES;
        left = source.available()) {
      int count = read(left);
      taken = count < 0 ? MAX_PIPE_BYTES : taken + count;
    }
  }

  private int read(int max) throws IOException {
    buffer.clear().limit(Math.min(max, buffer.capacity()));
    int count = source.read(buffer);
    if (count > 0) {
      if (count > maxBytes - kept.size()) {
        throw new TooLongException(
            source
                + " is longer than "
                + maxBytes
                + " bytes; read less, or raise Command.captureLimit");
      }
      kept.write(buffer.array(), 0, count);
      if (copy != null) {
        copyTo(copy, count);
      }
    }
    return count;
  }

  /**
   * The caller's stream may block, so a worker writes. Shielded: bytes that were kept are copied
   * too, even if this reader was cancelled because the process has ended.
   */
  private void copyTo(OutputStream target, int count) throws IOException {
    GoAsync.<IOException>shielded(() ->
        GoAsync.<IOException>offload(() -> {
          target.write(buffer.array(), 0, count);
          target.flush();
        }));
  }

  byte[] bytes() {
    return kept.toByteArray();
  }
}
