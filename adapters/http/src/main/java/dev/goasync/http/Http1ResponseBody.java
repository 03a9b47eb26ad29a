package dev.goasync.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;

/** The body of a message that is written in parts. Its close ends the body. Owned by the loop. */
final class Http1ResponseBody extends OutputStream {
  /** Of a chunk that small writes fill. */
  static final int BUFFER_BYTES = 4 * 1024;

  private static final int LINE_BYTES = 64;

  private final StreamOutput output;
  private final OutputStream encoder;
  private final boolean dropped;
  private long left;
  private boolean closed;

  private Http1ResponseBody(
      StreamOutput output, OutputStream encoder, long length, boolean dropped) {
    this.output = output;
    this.encoder = encoder;
    this.left = length;
    this.dropped = dropped;
  }

  /**
   * Creates a body.
   *
   * @param length -1 if it is not known
   * @param chunked whether HttpCore encodes it in chunks
   * @param dropped whether nothing is sent, as for HEAD
   */
  static Http1ResponseBody of(StreamOutput output, long length, boolean chunked, boolean dropped) {
    OutputStream encoder =
        chunked && !dropped
            ? new ChunkedOutputStream(
                new SessionOutputBufferImpl(LINE_BYTES), output, BUFFER_BYTES, null)
            : output;
    return new Http1ResponseBody(output, encoder, length, dropped);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new StreamClosedException();
    }
    if (left >= 0 && length > left && !dropped) {
      throw new IOException(
          "the handler writes more than the announced length, by " + (length - left) + " bytes");
    }
    if (dropped || length == 0) {
      return;
    }
    encoder.write(bytes, offset, length);
    skip(length);
  }

  /** Counts bytes that were sent by other means. */
  void skip(long count) {
    if (left >= 0) {
      left -= count;
    }
  }

  @Override
  public void flush() throws IOException {
    if (!closed) {
      encoder.flush();
      output.flushNow();
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (left > 0 && !dropped) {
      throw new IOException("the handler wrote " + left + " bytes less than it had announced");
    }
    if (encoder != output) {
      encoder.close();
    }
  }
}
