package dev.goasync.http;

import dev.goasync.GoAsync;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The connection preface of HTTP/2 (RFC 9113, 3.4), which looks like a request of HTTP/1.1. */
final class Http2Preface {
  /** The first line. */
  static final String LINE = "PRI * HTTP/2.0";

  /** All of it. */
  static final String TEXT = LINE + "\r\n\r\nSM\r\n\r\n";

  private static final String REST = "SM\r\n\r\n";

  private Http2Preface() {}

  /** Reads what follows the empty line behind the first line. */
  static void readRest(MessageHead head, StrictLines lines, StreamInput input) throws IOException {
    boolean valid = head.getHeaders().length == 0;
    for (int i = 0; i < REST.length() && valid; i++) {
      valid = lines.read(input) == REST.charAt(i);
    }
    if (!valid) {
      throw new StatusException(400, "the preface of HTTP/2 is malformed");
    }
  }

  /**
   * Reads all of it from a connection that has chosen HTTP/2 by ALPN.
   *
   * @throws IOException if the client sends something else, or is too slow
   */
  static void read(ByteStream stream, Duration timeout) throws IOException {
    byte[] bytes = GoAsync.withTimeout(timeout, () -> stream.readExactly(TEXT.length()));
    if (!new String(bytes, StandardCharsets.ISO_8859_1).equals(TEXT)) {
      throw new IOException(stream + ": the preface of HTTP/2 is malformed");
    }
  }
}
