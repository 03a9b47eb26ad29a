package dev.goasync.examples.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a file.
 *
 * @param from its first byte
 * @param count how many bytes it has
 */
record ByteRange(long from, long count) {
  /** In place of a stretch that begins behind the file's end. */
  static final ByteRange NONE = new ByteRange(0, 0);

  private static final Pattern ONE = Pattern.compile("(?i)bytes\\s*=\\s*(\\d*)-(\\d*)\\s*");
  private static final int MAX_DIGITS = 18;

  /**
   * The stretch that a header Range asks for.
   *
   * @return null if the header does not count: what is malformed, of another unit or of several
   *     ranges is answered by the whole file, as RFC 9110, 14.2, allows
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
      return null; // it can be had, but no Content-Range can tell it
    }
    long count = Math.min(length, size);
    return count == 0 ? NONE : new ByteRange(size - count, count);
  }

  /** No file is longer than what has more digits. */
  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=\\d)", "");
    return significant.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  /** Which part of the file it is, for the header Content-Range. */
  String describe(long size) {
    return "bytes " + from + "-" + (from + count - 1) + "/" + size;
  }
}
