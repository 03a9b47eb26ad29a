package dev.goasync.http;

import java.util.List;
import java.util.Locale;

/**
 * Where the body of an HTTP/1.1 request ends, and whether the connection ends after it (RFC 9112,
 * 6.3 and 9.3). A request that two parsers could read in different ways is refused.
 *
 * @param length -1 for a chunked body
 */
record RequestFraming(long length, boolean closes, boolean expectsContinue) {
  private static final int MAX_DIGITS = 18;

  static RequestFraming of(RequestHead head) throws StatusException {
    Headers headers = head.headers();
    boolean isOld = head.protocol().equals("HTTP/1.0");
    long length = length(headers, isOld);
    boolean closes =
        isOld
            ? !headers.hasElement("Connection", "keep-alive")
            : headers.hasElement("Connection", "close");
    return new RequestFraming(length, closes, !isOld && expectsContinue(headers) && length != 0);
  }

  boolean isChunked() {
    return length < 0;
  }

  private static long length(Headers headers, boolean isOld) throws StatusException {
    List<String> codings = headers.all("Transfer-Encoding");
    String text = headers.first("Content-Length");
    if (!codings.isEmpty()) {
      checkCodings(codings, text != null, isOld);
      return -1;
    }
    return text == null ? 0 : contentLength(headers, text);
  }

  private static void checkCodings(List<String> codings, boolean hasLength, boolean isOld)
      throws StatusException {
    if (hasLength) {
      throw new StatusException(400, "Transfer-Encoding and Content-Length exclude each other");
    }
    if (isOld) {
      throw new StatusException(400, "HTTP/1.0 has no Transfer-Encoding");
    }
    String joined = String.join(",", codings).strip();
    if (!joined.equalsIgnoreCase("chunked")) {
      boolean chunkedOnce =
          joined.toLowerCase(Locale.ROOT).endsWith("chunked") && codings.size() == 1;
      throw new StatusException(chunkedOnce ? 501 : 400, "the transfer coding is not supported");
    }
  }

  static long contentLength(Headers headers, String text) throws StatusException {
    if (headers.count("Content-Length") > 1 || !FieldRules.isDigits(text)) {
      throw new StatusException(400, "Content-Length is malformed or comes twice");
    }
    if (text.length() > MAX_DIGITS) {
      throw new StatusException(413, "the body is too long");
    }
    return Long.parseLong(text);
  }

  static boolean expectsContinue(Headers headers) throws StatusException {
    String expected = headers.first("Expect");
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      throw new StatusException(417, "the expectation is not supported");
    }
    return expected != null;
  }
}
