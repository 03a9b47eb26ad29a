package dev.goasync.inspector;

import dev.goasync.io.ByteStream;
import dev.goasync.io.TooLongException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 request.
 *
 * @param path the path of the target
 * @param query the parameters of the target, decoded
 * @param headers by their names in lower case
 */
record Request(String method, String path, Map<String, String> query, Map<String, String> headers) {
  private static final int MAX_HEAD_BYTES = 8 * 1024;
  private static final int MAX_HEADERS = 100;

  /** A request that cannot be served; the message is the body of the response. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    final String status;

    Refused(String status, String message) {
      super(message);
      this.status = status;
    }
  }

  /**
   * Reads a head.
   *
   * @return null if the client closed the connection first
   * @throws Refused if the head is malformed or too large
   */
  static @Nullable Request read(ByteStream in) throws IOException {
    try {
      String first = in.readLine(MAX_HEAD_BYTES);
      return first == null ? null : parse(first, readHeaders(in, MAX_HEAD_BYTES - first.length()));
    } catch (TooLongException tooLong) {
      throw new Refused("431 Request Header Fields Too Large", "The request head is too large.");
    }
  }

  private static Request parse(String first, Map<String, String> headers) throws Refused {
    String[] parts = first.split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || !parts[1].startsWith("/")) {
      throw malformed();
    }
    int mark = parts[1].indexOf('?');
    String path = mark < 0 ? parts[1] : parts[1].substring(0, mark);
    return new Request(
        parts[0], path, mark < 0 ? Map.of() : parameters(parts[1].substring(mark + 1)), headers);
  }

  private static Map<String, String> readHeaders(ByteStream in, int maxBytes) throws IOException {
    Map<String, String> headers = new HashMap<>();
    int left = maxBytes;
    while (true) {
      String line = left < 1 ? null : in.readLine(left);
      if (left < 1) {
        throw new TooLongException("the request head is too long");
      }
      if (line == null) {
        throw malformed();
      }
      if (line.isEmpty()) {
        return headers;
      }
      left -= line.length() + 2;
      int colon = line.indexOf(':');
      // A header that occurs twice may mean one thing here and another in a proxy.
      if (colon < 1
          || line.charAt(0) <= ' '
          || headers.size() == MAX_HEADERS
          || headers.put(
                  line.substring(0, colon).toLowerCase(Locale.ROOT),
                  line.substring(colon + 1).strip())
              != null) {
        throw malformed();
      }
    }
  }

  private static Map<String, String> parameters(String query) throws Refused {
    Map<String, String> parameters = new HashMap<>();
    try {
      for (String each : query.split("&", -1)) {
        int equals = each.indexOf('=');
        String name = equals < 0 ? each : each.substring(0, equals);
        String value = equals < 0 ? "" : each.substring(equals + 1);
        parameters.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
      return parameters;
    } catch (IllegalArgumentException wrongEscape) {
      throw malformed();
    }
  }

  private static Refused malformed() {
    return new Refused("400 Bad Request", "The request is malformed.");
  }

  /** The value of a header, whose name is in lower case; null if it is absent. */
  @Nullable String header(String name) {
    return headers.get(name);
  }
}
