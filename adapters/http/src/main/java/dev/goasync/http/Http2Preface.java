package dev.goasync.http;

import java.io.IOException;

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
}
