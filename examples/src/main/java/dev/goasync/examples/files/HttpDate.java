package dev.goasync.examples.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats and parses HTTP dates, which have a resolution of a second (RFC 9110, 5.6.7). */
final class HttpDate {
  private static final int YEARS_PAST = 50;

  private static final DateTimeFormatter PREFERRED = pattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

  /** The preferred format, and two obsolete formats that must be accepted. */
  private static final List<DateTimeFormatter> READ =
      List.of(PREFERRED, rfc850(), pattern("EEE MMM ppd HH:mm:ss yyyy"));

  private static String lastDate = "";
  private static long lastSecond = -1;

  private HttpDate() {}

  private static DateTimeFormatter pattern(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
  }

  /** Years have two digits and lie at most 50 years in the future. */
  private static DateTimeFormatter rfc850() {
    int since = ZonedDateTime.now(ZoneOffset.UTC).getYear() - YEARS_PAST + 1;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, since)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US)
        .withZone(ZoneOffset.UTC);
  }

  static String format(Instant time) {
    return PREFERRED.format(time);
  }

  /**
   * Returns the current time. One loop serves all connections, so the cached value needs no lock.
   */
  static String now() {
    long second = System.currentTimeMillis() / 1000;
    if (second != lastSecond) {
      lastSecond = second;
      lastDate = format(Instant.ofEpochSecond(second));
    }
    return lastDate;
  }

  /** Parses a date; returns null if the text is null or not a date. */
  static @Nullable Instant parse(@Nullable String text) {
    if (text != null) {
      for (DateTimeFormatter format : READ) {
        try {
          return format.parse(text, Instant::from);
        } catch (DateTimeException otherFormat) {
          // try the next format
        }
      }
    }
    return null;
  }
}
