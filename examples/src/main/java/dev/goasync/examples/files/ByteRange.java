package dev.goasync.examples.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of bytes of a file.
 *
 * @param from the position of the first byte
 * @param count the number of bytes
 */
record ByteRange(long from, long count) {
  /** Stands for a range that begins beyond the end of the file. */
  static final ByteRange NONE = new ByteRange(0, 0);

  private static final Pattern ONE = Pattern.compile("(?i)bytes[ \t]*=[ \t]*([0-9]*)-([0-9]*)");
  private static final int MAX_DIGITS = 18;

  /**
   * Parses the header Range.
   *
   * @return null if the header is to be ignored: a malformed header, another unit or several ranges
   *     are answered with the complete file, as RFC 9110, 14.2, allows
   */
  static @Nullable ByteRange parse(String header, long size) {
    Matcher parts = ONE.matcher(header);
    if (!parts.matches()) {
      return null;
    }
    String first = parts.group(1);
    String last = parts.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? null : suffix(number(last), size);
    }
    long from = number(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
    if (to < from) {
      return null;
    }
    return from >= size ? NONE : new ByteRange(from, Math.min(to, size - 1) - from + 1);
  }

  private static @Nullable ByteRange suffix(long length, long size) {
    if (length > 0 && size == 0) {
      return null; // valid, but Content-Range cannot express an empty range
    }
    long count = Math.min(length, size);
    return count == 0 ? NONE : new ByteRange(size - count, count);
  }

  /** Parses a number; more digits than any file size has become Long.MAX_VALUE. */
  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=\\d)", "");
    return significant.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  /** Returns the value of the header Content-Range. */
  String describe(long size) {
    return "bytes " + from + "-" + (from + count - 1) + "/" + size;
  }
}
