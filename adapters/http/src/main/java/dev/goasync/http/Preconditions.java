package dev.goasync.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The conditions of requests for files (RFC 9110, 13). */
final class Preconditions {
  static final int MET = 200;

  private static final int FAILED = 412;
  private static final int NOT_MODIFIED = 304;

  private Preconditions() {}

  /**
   * Returns the status: 200 if the file shall be sent, 304 or 412 if not.
   *
   * @param tag the strong entity tag of the file
   * @param modified in whole seconds
   */
  static int check(Headers headers, String tag, Instant modified) {
    String match = joined(headers, "If-Match");
    if (match != null) {
      if (!contains(match, tag, true)) {
        return FAILED;
      }
    } else {
      Instant limit = date(headers, "If-Unmodified-Since");
      if (limit != null && modified.isAfter(limit)) {
        return FAILED;
      }
    }
    String noneMatch = joined(headers, "If-None-Match");
    if (noneMatch != null) {
      return contains(noneMatch, tag, false) ? NOT_MODIFIED : MET;
    }
    Instant since = date(headers, "If-Modified-Since");
    return since != null && !modified.isAfter(since) ? NOT_MODIFIED : MET;
  }

  /** Whether a range may be sent: If-Range must be absent or name exactly this version. */
  static boolean allowRange(Headers headers, String tag, Instant modified) {
    String wanted = headers.first("If-Range");
    return wanted == null
        || wanted.equals(tag)
        || (wanted.indexOf('"') < 0 && modified.equals(HttpDates.parse(wanted)));
  }

  private static @Nullable String joined(Headers headers, String name) {
    return headers.contains(name) ? String.join(",", headers.all(name)) : null;
  }

  private static @Nullable Instant date(Headers headers, String name) {
    String value = headers.first(name);
    return value == null ? null : HttpDates.parse(value);
  }

  private static boolean contains(String list, String tag, boolean strong) {
    if (list.strip().equals("*")) {
      return true;
    }
    for (String each : list.split(",", -1)) {
      String candidate = each.strip();
      if (!strong && candidate.startsWith("W/")) {
        candidate = candidate.substring(2);
      }
      if (candidate.equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
