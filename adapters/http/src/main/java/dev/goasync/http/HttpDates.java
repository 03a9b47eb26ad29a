package dev.goasync.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates of HTTP (RFC 9110, 5.6.7). */
final class HttpDates {
  private static final long MILLIS = 1000;

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The formats that a recipient must accept. Two digits of a year are at most 50 years ahead. */
  private static final List<DateTimeFormatter> ACCEPTED =
      List.of(
          FORMAT,
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(
                  ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  /** The encoded field of one second. */
  private record Encoded(long second, byte[] field) {}

  private static volatile Encoded last = new Encoded(-1, new byte[0]);

  private HttpDates() {}

  static String format(Instant instant) {
    return FORMAT.format(instant);
  }

  /** Returns the encoded field Date with the current second. */
  static byte[] nowField() {
    long second = System.currentTimeMillis() / MILLIS;
    Encoded known = last;
    if (known.second != second) {
      String date = format(Instant.ofEpochSecond(second));
      known = new Encoded(second, ("Date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII));
      last = known;
    }
    return known.field;
  }

  /** Parses any of the three formats; returns null for other text. */
  static @Nullable Instant parse(String text) {
    for (DateTimeFormatter each : ACCEPTED) {
      try {
        return each.parse(text, Instant::from);
      } catch (DateTimeException _) {
        // the next format
      }
    }
    return null;
  }
}
