package dev.goasync.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112, 3.2): origin form, absolute form, or the asterisk of OPTIONS.
 *
 * @param path encoded, begins with a slash; "*" for the asterisk form
 * @param query encoded, without the question mark
 * @param authority of the absolute form
 */
record Target(String path, @Nullable String query, @Nullable String authority) {
  private static final int ESCAPE_LENGTH = 3;

  /**
   * Parses a target.
   *
   * @throws StatusException if it is malformed, or if its form is not supported
   */
  static Target parse(String method, String raw) throws StatusException {
    if (!FieldRules.isVisible(raw) || raw.indexOf('#') >= 0) {
      throw malformed();
    }
    if (raw.startsWith("/")) {
      return ofOrigin(raw, null);
    }
    if (raw.equals("*") && method.equals("OPTIONS")) {
      return new Target(raw, null, null);
    }
    if (method.equals("CONNECT")) {
      throw new StatusException(501, "CONNECT is not supported");
    }
    return ofAbsolute(raw);
  }

  private static Target ofAbsolute(String raw) throws StatusException {
    String scheme = raw.toLowerCase(Locale.ROOT);
    int start = scheme.startsWith("http://") ? 7 : scheme.startsWith("https://") ? 8 : raw.length();
    int end = start;
    while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
      end++;
    }
    String authority = raw.substring(Math.min(start, raw.length()), end);
    if (authority.isEmpty() || !FieldRules.isAuthority(authority)) {
      throw malformed();
    }
    String rest = raw.substring(end);
    return ofOrigin(rest.startsWith("/") ? rest : "/" + rest, authority);
  }

  private static Target ofOrigin(String raw, @Nullable String authority) {
    int mark = raw.indexOf('?');
    return mark < 0
        ? new Target(raw, null, authority)
        : new Target(raw.substring(0, mark), raw.substring(mark + 1), authority);
  }

  private static StatusException malformed() {
    return new StatusException(400, "the request target is malformed");
  }

  /**
   * Returns the decoded segments of a path: {@code /a/b%20c/} has "a", "b c" and "".
   *
   * @throws StatusException if an escape is malformed or not UTF-8
   */
  static List<String> segments(String path) throws StatusException {
    List<String> segments = new ArrayList<>();
    int start = 1;
    while (true) {
      int slash = path.indexOf('/', start);
      segments.add(decode(path.substring(start, slash < 0 ? path.length() : slash), false));
      if (slash < 0) {
        return segments;
      }
      start = slash + 1;
    }
  }

  /**
   * Returns the value of a parameter of the query, or null.
   *
   * @throws StatusException if an escape is malformed or not UTF-8
   */
  @Nullable String queryParameter(String name) throws StatusException {
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (decode(key, true).equals(name)) {
        return equals < 0 ? "" : decode(pair.substring(equals + 1), true);
      }
    }
    return null;
  }

  private static String decode(String text, boolean plusIsSpace) throws StatusException {
    if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
      return text;
    }
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '%') {
        bytes.write(escaped(text, i));
        i += ESCAPE_LENGTH - 1;
      } else {
        bytes.write(plusIsSpace && each == '+' ? ' ' : each);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw new StatusException(400, "the target is not UTF-8");
    }
  }

  private static int escaped(String text, int at) throws StatusException {
    if (at + ESCAPE_LENGTH > text.length()
        || !FieldRules.isHexDigit(text.charAt(at + 1))
        || !FieldRules.isHexDigit(text.charAt(at + 2))) {
      throw new StatusException(400, "the target has a malformed escape");
    }
    return Integer.parseInt(text, at + 1, at + ESCAPE_LENGTH, 16);
  }
}
