package dev.goasync.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** Encodes the head of an HTTP/1.1 response. The fields were checked when they were set. */
final class ResponseEncoder {
  private static final int CAPACITY = 256;
  private static final int MAX_STATUS = 600;

  /** Status lines that were needed before, by status. Two threads may make the same. */
  private static final byte[] @Nullable [] STATUS_LINES = new byte[MAX_STATUS][];

  private final ByteArrayBuffer bytes = new ByteArrayBuffer(CAPACITY);

  ResponseEncoder(int status, List<Header> fields) {
    append(statusLine(status));
    append(HttpDates.nowField());
    for (Header each : fields) {
      field(each.getName(), each.getValue());
    }
  }

  private static byte[] statusLine(int status) {
    byte[] known = STATUS_LINES[status];
    if (known == null) {
      String reason = EnglishReasonPhraseCatalog.INSTANCE.getReason(status, Locale.ROOT);
      known =
          ("HTTP/1.1 " + status + " " + (reason == null ? "" : reason) + "\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      STATUS_LINES[status] = known;
    }
    return known;
  }

  void field(String name, String value) {
    append(name);
    bytes.append(':');
    bytes.append(' ');
    append(value);
    bytes.append('\r');
    bytes.append('\n');
  }

  void end() {
    bytes.append('\r');
    bytes.append('\n');
  }

  private void append(byte[] encoded) {
    bytes.append(encoded, 0, encoded.length);
  }

  @SuppressWarnings("deprecation") // the copy of Latin-1, which fields are
  private void append(String text) {
    int length = text.length();
    bytes.ensureCapacity(length);
    text.getBytes(0, length, bytes.array(), bytes.length());
    bytes.setLength(bytes.length() + length);
  }

  void writeTo(StreamOutput output) throws IOException {
    output.write(bytes.array(), 0, bytes.length());
  }

  /** Writes the head and a body, together if the body is short. */
  void writeTo(StreamOutput output, byte[] body) throws IOException {
    writeTo(output);
    if (body.length > 0) {
      output.write(body, 0, body.length);
    }
  }
}
