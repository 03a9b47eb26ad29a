package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * HttpCore's input buffer, with lines that RFC 9112 allows: no control character, also no CR (2.2)
 * or NUL; no folded line (5.2); and no head that the end of the stream has cut off (8), which
 * HttpCore takes for a complete one.
 */
final class StrictLines extends SessionInputBufferImpl {
  /** Small, since each idle connection has two of it; bodies are read past the buffer. */
  private static final int BUFFER_BYTES = 2048;

  private static final int MIN_DIRECT_BYTES = 512;

  private final StreamInput input;
  private final int maxHeadBytes;
  private int headBytes;
  private int terminator;

  StrictLines(StreamInput input, int maxHeadBytes) {
    super(
        new BasicHttpTransportMetrics(),
        BUFFER_BYTES,
        MIN_DIRECT_BYTES,
        Settings.MAX_LINE_BYTES,
        null);
    this.input = input;
    this.maxHeadBytes = maxHeadBytes;
  }

  /** Begins a head or a trailer section, whose lines are limited together. */
  void beginHead() {
    headBytes = 0;
  }

  /** Whether bytes of the head have been read beyond its first line. */
  boolean isBehindStartLine() {
    return headBytes > 0;
  }

  @Override
  public int readLine(CharArrayBuffer line, InputStream source) throws IOException {
    int ends = input.ends();
    long before = input.total() - length();
    int count = super.readLine(line, source);
    if (input.ends() != ends) {
      if (count < 0 && headBytes == 0) {
        return count;
      }
      throw new ConnectionClosedException("the connection ended within a message");
    }
    int consumed = (int) (input.total() - length() - before);
    terminator = consumed - count;
    headBytes += consumed;
    if (headBytes > maxHeadBytes) {
      throw new MessageConstraintException("the fields are too long");
    }
    check(line);
    return count;
  }

  /** Whether the last line ended with CR and LF. */
  boolean endedWithCrLf() {
    return terminator == 2;
  }

  private static void check(CharArrayBuffer line) throws StatusException {
    int length = line.length();
    if (length > 0 && FieldRules.isSpace(line.charAt(0))) {
      throw new StatusException(400, "a line begins with white space");
    }
    for (int i = 0; i < length; i++) {
      if (!FieldRules.isValueCharacter(line.charAt(i))) {
        throw new StatusException(400, "a line contains a control character");
      }
    }
  }
}
