package dev.goasync.examples.files;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates the conditional headers of a request (RFC 9110, 13). */
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

  private Preconditions() {}

  /** Returns {@link Status#OK} if the file must be sent, else the status of the response. */
  static Status check(Request request, Version version) {
    String match = request.header("if-match");
    if (match != null) {
      if (!lists(match, version.tag(), false)) {
        return Status.PRECONDITION_FAILED;
      }
    } else {
      Instant since = HttpDate.parse(request.header("if-unmodified-since"));
      if (since != null && version.second().isAfter(since)) {
        return Status.PRECONDITION_FAILED;
      }
    }
    String noneMatch = request.header("if-none-match");
    if (noneMatch != null) {
      return lists(noneMatch, version.tag(), true) ? Status.NOT_MODIFIED : Status.OK;
    }
    Instant since = HttpDate.parse(request.header("if-modified-since"));
    return since != null && !version.second().isAfter(since) ? Status.NOT_MODIFIED : Status.OK;
  }

  /** Returns whether a range may be sent: its version must be the one that the client has. */
  static boolean allowRange(Request request, Version version) {
    String condition = request.header("if-range");
    if (condition == null || condition.equals(version.tag())) {
      return true;
    }
    // A date identifies a version only if the file cannot have changed again in the same second.
    Instant second = version.second();
    return second.equals(HttpDate.parse(condition))
        && second.plusSeconds(1).isBefore(Instant.now());
  }

  /** Returns whether a list of entity tags is {@code *} or contains the strong tag. */
  private static boolean lists(String list, String tag, boolean acceptWeak) {
    if (list.equals("*")) {
      return true;
    }
    Matcher each = TAG.matcher(list);
    while (each.find()) {
      if (tag.equals(each.group(2)) && (acceptWeak || each.group(1) == null)) {
        return true;
      }
    }
    return false;
  }
}
