package dev.goasync.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that a client asks for (RFC 9110, 14).
 *
 * @param count 0 if no byte of the file is in the range
 */
record ByteRange(long from, long count) {
  private static final String UNIT = "bytes=";
  private static final int MAX_DIGITS = 18;

  /**
   * Parses a field value. Null for a malformed one, for several ranges, and for another unit: the
   * response is the complete file then.
   */
  static @Nullable ByteRange parse(String value, long size) {
    if (!value.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
      return null;
    }
    String range = value.substring(UNIT.length()).strip();
    int dash = range.indexOf('-');
    if (dash < 0 || range.indexOf(',') >= 0) {
      return null;
    }
    String first = range.substring(0, dash).strip();
    String last = range.substring(dash + 1).strip();
    if (!isNumber(first) || !isNumber(last) || (first.isEmpty() && last.isEmpty())) {
      return null;
    }
    if (first.isEmpty()) {
      long count = Math.min(size, Long.parseLong(last));
      return new ByteRange(size - count, count);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(last);
    if (to < from) {
      return null;
    }
    return new ByteRange(from, from >= size ? 0 : Math.min(to, size - 1) - from + 1);
  }

  private static boolean isNumber(String text) {
    return text.isEmpty() || (FieldRules.isDigits(text) && text.length() <= MAX_DIGITS);
  }

  String describe(long size) {
    return "bytes " + from + "-" + (from + count - 1) + "/" + size;
  }
}
