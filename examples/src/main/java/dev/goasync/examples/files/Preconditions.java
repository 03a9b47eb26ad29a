package dev.goasync.examples.files;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a client wants an answer at all, or a part of it, by what it has (RFC 9110, 13). */
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

  private Preconditions() {}

  /** {@link Status#OK} if the file is to be sent, else the status of the answer without it. */
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

  /** Whether a part that is asked for belongs to what the client has; else it gets all anew. */
  static boolean allowRange(Request request, Version version) {
    String condition = request.header("if-range");
    if (condition == null || condition.equals(version.tag())) {
      return true;
    }
    // A time is only as good as a tag if nothing can have been written in its second since.
    Instant second = version.second();
    return second.equals(HttpDate.parse(condition))
        && second.plusSeconds(1).isBefore(Instant.now());
  }

  /** Whether a list of tags has this strong one, or is a star; weak ones are equal at best. */
  private static boolean lists(String list, String tag, boolean weakCounts) {
    if (list.equals("*")) {
      return true;
    }
    Matcher each = TAG.matcher(list);
    while (each.find()) {
      if (tag.equals(each.group(2)) && (weakCounts || each.group(1) == null)) {
        return true;
      }
    }
    return false;
  }
}
