package dev.goasync.http;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The input of a connection for HttpCore, which keeps the watch informed. Owned by the loop. */
final class StreamInput extends InputStream {
  private final ByteStream stream;
  private @Nullable Watch watch;
  private int ends;
  private boolean failed;
  private long total;

  StreamInput(ByteStream stream) {
    this.stream = stream;
  }

  void watchBy(Watch newWatch) {
    watch = newWatch;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    Watch current = watch;
    boolean ofHandler = current != null && current.phase() == Watch.Phase.HANDLER;
    if (ofHandler && current != null) {
      current.enter(Watch.Phase.BODY);
    }
    boolean read = false;
    try {
      int count = stream.read(ByteBuffer.wrap(target, offset, length));
      read = true;
      if (count < 0) {
        ends++;
      } else {
        total += count;
      }
      return count;
    } finally {
      failed |= !read;
      if (ofHandler && current != null) {
        current.enter(Watch.Phase.HANDLER);
      } else if (current != null && current.phase() == Watch.Phase.IDLE && read) {
        current.enter(Watch.Phase.HEAD);
      }
    }
  }

  /** Returns how often the end of the stream was read. */
  int ends() {
    return ends;
  }

  /** Returns the number of bytes that were read. */
  long total() {
    return total;
  }

  /** Whether a read has failed. */
  boolean hasFailed() {
    return failed;
  }
}
