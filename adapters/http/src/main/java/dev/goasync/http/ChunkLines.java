package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Checks the lines of a chunked body before HttpCore's decoder gets them (RFC 9112, 7.1): it
 * accepts signs, white space and a lone LF, with which two parsers can find different ends.
 *
 * <p>States: a size, the data, the end of the data, and the next size; after a size of 0 the
 * trailers. Owned by the loop.
 */
final class ChunkLines implements SessionInputBuffer {
  private static final int MAX_DIGITS = 15;

  /** Of all chunks together: extensions have no meaning here. */
  private static final int MAX_EXTENSION_BYTES = 16 * 1024;

  private enum State {
    SIZE,
    DATA_END,
    TRAILERS
  }

  private final StrictLines lines;
  private State state = State.SIZE;
  private int extensionBytes;

  ChunkLines(StrictLines lines) {
    this.lines = lines;
  }

  @Override
  public int readLine(CharArrayBuffer line, InputStream input) throws IOException {
    if (state != State.TRAILERS) {
      lines.beginHead();
    }
    int count = lines.readLine(line, input);
    if (count >= 0 && !lines.endedWithCrLf()) {
      throw malformed("a line of the chunked body does not end with CR and LF");
    }
    if (count >= 0) {
      check(line);
    }
    return count;
  }

  private void check(CharArrayBuffer line) throws StatusException {
    switch (state) {
      case SIZE -> checkSize(line);
      case DATA_END -> {
        if (!line.isEmpty()) {
          throw malformed("a chunk is longer than its size");
        }
        state = State.SIZE;
      }
      case TRAILERS -> {
        try {
          if (!line.isEmpty()) {
            var _ = HeadParser.parseField(line);
          }
        } catch (HttpException invalid) {
          throw malformed("a trailer is malformed");
        }
      }
    }
  }

  private void checkSize(CharArrayBuffer line) throws StatusException {
    int digits = 0;
    boolean zero = true;
    while (digits < line.length() && FieldRules.isHexDigit(line.charAt(digits))) {
      zero &= line.charAt(digits) == '0';
      digits++;
    }
    int rest = digits;
    while (rest < line.length() && FieldRules.isSpace(line.charAt(rest))) {
      rest++; // "bad" white space, which must be accepted before an extension
    }
    boolean extension = rest < line.length() && line.charAt(rest) == ';';
    if (digits == 0 || digits > MAX_DIGITS || (digits < line.length() && !extension)) {
      throw malformed("a chunk size is malformed");
    }
    extensionBytes += line.length() - digits;
    if (extensionBytes > MAX_EXTENSION_BYTES) {
      throw malformed("the chunk extensions are too long");
    }
    state = zero ? State.TRAILERS : State.DATA_END;
  }

  private static StatusException malformed(String message) {
    return new StatusException(400, message);
  }

  @Override
  public int length() {
    return lines.length();
  }

  @Override
  public int capacity() {
    return lines.capacity();
  }

  @Override
  public int available() {
    return lines.available();
  }

  @Override
  public int read(byte[] target, int offset, int length, InputStream input) throws IOException {
    return lines.read(target, offset, length, input);
  }

  @Override
  public int read(byte[] target, InputStream input) throws IOException {
    return lines.read(target, input);
  }

  @Override
  public int read(InputStream input) throws IOException {
    return lines.read(input);
  }

  @Override
  public HttpTransportMetrics getMetrics() {
    return lines.getMetrics();
  }
}
