package dev.goasync.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Something that a caller sees after a call of our socket and not after the same call of the JDK's.
 *
 * @param aspect what was looked at, such as "result", or a getter that was called afterwards
 */
record ParityDifference(
    Enum<?> state, Kind kind, String call, String aspect, String jdk, String ours) {

  /** A difference on purpose: a row of the table of docs/guide/library-sockets.md. */
  record OnPurpose(
      String what, String jdk, String ours, String reason, Predicate<ParityDifference> explains) {
    /** The row as it stands in the document. */
    String row() {
      return "| " + String.join(" | ", what, jdk, ours, reason) + " |";
    }
  }

  /** All differences on purpose. */
  static final List<OnPurpose> ON_PURPOSE =
      List.of(
          new OnPurpose(
              "`connect` to an unresolved address",
              "throws `UnknownHostException` and closes",
              "looks the name up and connects",
              "the look-up by `InetAddress` before the call would block the loop",
              difference ->
                  !(difference.state() instanceof ParityTlsState)
                      && difference.call().startsWith("connect(an unresolved name")),
          new OnPurpose(
              "message after a cancel, and after an interrupt of a coroutine",
              "`Closed by interrupt`",
              "`Closed by a cancel or an interrupt: ` and the reason",
              "the log shows the reason of the cancel",
              difference ->
                  difference.aspect().equals("result")
                      && difference.jdk().endsWith("SocketException: Closed by interrupt")
                      && difference.ours().contains("SocketException: Closed by a cancel or an")),
          new OnPurpose(
              "interrupt of a platform thread during a wait",
              "has no effect",
              "closes the socket, as an interrupt of a virtual thread does with both",
              "the sockets behave alike on threads and in coroutines",
              difference -> difference.call().startsWith("on a platform thread, interrupted")),
          new OnPurpose(
              "`IP_TOS` of a listening socket on the backend nio",
              "is supported",
              "throws `UnsupportedOperationException`",
              "the JDK's channels do not have it",
              difference -> difference.ours().endsWith("'IP_TOS' not supported")),
          new OnPurpose(
              "`bind` and `connect` of a TLS socket",
              "throw `SocketException`",
              "throw with the message that the socket below is, or should be, connected",
              "our TLS socket is the JDK's, layered on a connected socket",
              difference ->
                  difference.state() instanceof ParityTlsState
                      && difference.aspect().equals("result")
                      && (difference.call().startsWith("bind(")
                          || difference.call().startsWith("connect("))));

  static List<ParityDifference> between(
      Enum<?> state, Kind kind, String call, Map<String, String> jdk, Map<String, String> ours) {
    Map<String, String> all = new TreeMap<>(ours);
    all.putAll(jdk);
    List<ParityDifference> found = new ArrayList<>();
    for (String aspect : all.keySet()) {
      String expected = jdk.getOrDefault(aspect, "nothing");
      String actual = ours.getOrDefault(aspect, "nothing");
      if (!expected.equals(actual)) {
        found.add(new ParityDifference(state, kind, call, aspect, expected, actual));
      }
    }
    return found;
  }

  /** Those that no row of {@link #ON_PURPOSE} explains, as text. */
  static String unexplained(List<ParityDifference> differences) {
    return differences.stream()
        .filter(difference -> ON_PURPOSE.stream().noneMatch(row -> row.explains().test(difference)))
        .map(ParityDifference::toString)
        .collect(Collectors.joining("\n"));
  }
}
