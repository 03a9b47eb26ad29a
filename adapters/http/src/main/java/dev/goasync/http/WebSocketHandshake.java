package dev.goasync.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The handshake of WebSocket (RFC 6455, 4). */
final class WebSocketHandshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;

  private WebSocketHandshake() {}

  /** Returns the proof that a server has understood a key. */
  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("each JDK has SHA-1", missing);
    }
  }

  /**
   * Checks a request and returns its key.
   *
   * @param origins the allowed values of Origin besides the server's own
   * @throws StatusException if it is not a handshake, or comes from a page of another server
   */
  static String check(HttpExchange exchange, Set<String> origins) throws StatusException {
    Headers headers = exchange.headers();
    if (!exchange.method().equals("GET")
        || !headers.hasElement("Upgrade", "websocket")
        || !headers.hasElement("Connection", "upgrade")) {
      exchange.setHeader("Sec-WebSocket-Version", "13");
      throw new StatusException(426, "this page is a WebSocket");
    }
    if (!"13".equals(headers.first("Sec-WebSocket-Version"))) {
      throw new StatusException(400, "the version of WebSocket must be 13");
    }
    String key = headers.first("Sec-WebSocket-Key");
    if (key == null || headers.count("Sec-WebSocket-Key") > 1 || !isKey(key)) {
      throw new StatusException(400, "Sec-WebSocket-Key is malformed");
    }
    String origin = headers.first("Origin");
    if (origin != null && !origins.contains(origin) && !isOwn(origin, exchange.authority())) {
      throw new StatusException(403, "a page of another server may not use this WebSocket");
    }
    return key;
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private static boolean isOwn(String origin, @Nullable String authority) {
    int start = origin.indexOf("://");
    return start > 0
        && authority != null
        && origin
            .substring(start + 3)
            .toLowerCase(Locale.ROOT)
            .equals(authority.toLowerCase(Locale.ROOT));
  }
}
