package dev.goasync.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The strict syntax of request lines and of Host (RFC 9112, 3). */
final class RequestLine {
  private static final int VERSION_LENGTH = 8;

  private RequestLine() {}

  /**
   * Parses the start line of a request.
   *
   * @throws StatusException if the line or the field Host is malformed, or the version is unknown
   */
  static RequestHead parse(
      String line, Headers headers, boolean secure, @Nullable SocketAddress remote)
      throws StatusException {
    int first = line.indexOf(' ');
    int second = line.indexOf(' ', first + 1);
    if (first <= 0 || second < 0 || !FieldRules.isToken(line, 0, first)) {
      throw malformed();
    }
    String version = checkVersion(line.substring(second + 1));
    String method = line.substring(0, first);
    Target target = Target.parse(method, line.substring(first + 1, second));
    String host = host(headers, version);
    String absolute = target.authority();
    return new RequestHead(
        method, target, absolute == null ? host : absolute, headers, version, secure, remote);
  }

  private static StatusException malformed() {
    return new StatusException(400, "the request line is malformed");
  }

  private static String checkVersion(String version) throws StatusException {
    if (version.equals("HTTP/1.1")) {
      return "HTTP/1.1";
    }
    if (version.length() != VERSION_LENGTH
        || !version.startsWith("HTTP/")
        || version.charAt(6) != '.'
        || !FieldRules.isDigits(version.substring(5, 6))
        || !FieldRules.isDigits(version.substring(7))) {
      throw malformed();
    }
    if (version.charAt(5) != '1') {
      throw new StatusException(505, "the version is not supported: " + version);
    }
    return version.charAt(7) == '0' ? "HTTP/1.0" : "HTTP/1.1";
  }

  private static String host(Headers headers, String version) throws StatusException {
    String host = headers.first("Host");
    if (host == null) {
      if (version.equals("HTTP/1.0")) {
        return "";
      }
      throw new StatusException(400, "the field Host is missing");
    }
    if (headers.count("Host") > 1 || !FieldRules.isAuthority(host)) {
      throw new StatusException(400, "the field Host is malformed or comes twice");
    }
    return host;
  }
}
