package dev.goasync.http;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;

/**
 * Where the body of an HTTP/1.1 response ends (RFC 9112, 6.3).
 *
 * @param length -1 if it is not known
 * @param untilClose whether the end of the connection is the end of the body
 */
record ResponseFraming(long length, boolean untilClose) {
  static ResponseFraming of(Headers headers, boolean empty) throws IOException {
    List<String> codings = headers.all("Transfer-Encoding");
    String length = headers.first("Content-Length");
    if (empty) {
      return new ResponseFraming(0, false);
    }
    if (!codings.isEmpty()) {
      if (length != null || !String.join(",", codings).strip().equalsIgnoreCase("chunked")) {
        throw new ProtocolException("the framing of the response is not supported: " + headers);
      }
      return new ResponseFraming(-1, false);
    }
    return length == null
        ? new ResponseFraming(-1, true)
        : new ResponseFraming(RequestFraming.contentLength(headers, length), false);
  }
}
