package dev.goasync.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** Dates of HTTP (RFC 9110, 5.6.7). */
final class HttpDates {
  private static final long MILLIS = 1000;

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Of years with two digits: 1970 to 2069, not more than 50 years ahead until 2076. */
  private static final int BASE_YEAR = 1970;

  /** The formats that a recipient must accept. */
  private static final List<DateTimeFormatter> ACCEPTED =
      List.of(
          FORMAT,
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, BASE_YEAR)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  /** The encoded field of one second. */
  private static final class Encoded {
    final long second;
    final byte[] field;
    final Header header;

    Encoded(long second, byte[] field, Header header) {
      this.second = second;
      this.field = field;
      this.header = header;
    }
  }

  private static volatile Encoded last = new Encoded(-1, new byte[0], new BasicHeader("date", ""));

  private HttpDates() {}

  static String format(Instant instant) {
    return FORMAT.format(instant);
  }

  /** Returns the encoded field Date with the current second. */
  static byte[] nowField() {
    return now().field;
  }

  /** Returns the field Date with the current second. */
  static Header nowHeader() {
    return now().header;
  }

  private static Encoded now() {
    long second = System.currentTimeMillis() / MILLIS;
    Encoded known = last;
    if (known.second != second) {
      String date = format(Instant.ofEpochSecond(second));
      known =
          new Encoded(
              second,
              ("Date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII),
              new BasicHeader("date", date));
      last = known;
    }
    return known;
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
