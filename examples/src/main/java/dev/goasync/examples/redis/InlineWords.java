package dev.goasync.examples.redis;

/**
 * Splits an inline request, the form that people type: words separated by blanks, with {@code
 * '...'} and with {@code "..."}, in which a backslash begins an escape. A word is never longer than
 * its quoted form, so words are unescaped in place.
 */
final class InlineWords {
  /** Receives each word. */
  interface Sink {
    void add(int from, int length);
  }

  private final byte[] bytes;
  private final int end;
  private int at;
  private int written;

  private InlineWords(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * Splits {@code bytes[from..end)}.
   *
   * @throws RedisException if a quotation does not end, or no blank follows it
   */
  static void split(byte[] bytes, int from, int end, Sink sink) throws RedisException {
    new InlineWords(bytes, from, end).split(sink);
  }

  private void split(Sink sink) throws RedisException {
    while (skipBlanks()) {
      int from = at;
      written = from;
      while (at < end && !isBlank(bytes[at])) {
        byte next = bytes[at++];
        if (next == '"' || next == '\'') {
          unquote(next);
        } else {
          bytes[written++] = next;
        }
      }
      sink.add(from, written - from);
    }
  }

  private boolean skipBlanks() {
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
    return at < end;
  }

  private static boolean isBlank(byte letter) {
    return letter == ' ' || (letter >= '\t' && letter <= '\r') || letter == 0;
  }

  private void unquote(byte quote) throws RedisException {
    while (at < end && bytes[at] != quote) {
      byte next = bytes[at++];
      bytes[written++] = next == '\\' && at < end ? unescape(quote) : next;
    }
    if (at == end || (at + 1 < end && !isBlank(bytes[at + 1]))) {
      throw RedisException.ofProtocol("unbalanced quotes in request");
    }
    at++;
  }

  private byte unescape(byte quote) {
    byte next = bytes[at++];
    if (quote == '\'') {
      if (next != '\'') {
        at--; // only the quote itself is escaped
        return '\\';
      }
      return next;
    }
    if (next == 'x' && at + 1 < end) {
      int high = Character.digit(bytes[at], 16);
      int low = Character.digit(bytes[at + 1], 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return (byte) (16 * high + low);
      }
    }
    return switch (next) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> next;
    };
  }
}
