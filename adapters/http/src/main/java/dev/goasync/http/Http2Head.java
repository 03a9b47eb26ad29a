package dev.goasync.http;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request of HTTP/2 by RFC 9113, 8.2 and 8.3: what HttpCore does not check.
 *
 * @param announced the value of Content-Length; -1 if there is none
 */
record Http2Head(RequestHead head, long announced, boolean expectsContinue) {
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /**
   * Checks the fields of a request.
   *
   * @throws ProtocolException if the request is malformed, which resets its stream
   * @throws StatusException if it is understood and refused
   */
  static Http2Head of(List<? extends Header> fields, boolean secure, @Nullable SocketAddress remote)
      throws ProtocolException, StatusException {
    String method = "";
    String path = "";
    String authority = null;
    List<Header> regular = new ArrayList<>(fields.size());
    for (Header each : fields) {
      String value = each.getValue();
      require(FieldRules.isValue(value), "a value has a forbidden character");
      switch (each.getName()) {
        case ":method" -> method = value;
        case ":path" -> path = value;
        case ":scheme" -> require(FieldRules.isToken(value), "the scheme is malformed");
        case ":authority" -> {
          require(authority == null && FieldRules.isAuthority(value), ":authority is malformed");
          authority = value;
        }
        default -> {
          checkRegular(each.getName(), value);
          regular.add(each);
        }
      }
    }
    require(FieldRules.isToken(method), "the method is not a token");
    Headers headers = new Headers(regular.toArray(Header[]::new));
    String host = host(headers, authority);
    String length = headers.first("content-length");
    require(
        length == null || (headers.count("content-length") == 1 && FieldRules.isDigits(length)),
        "content-length is malformed");
    long announced = length == null ? -1 : RequestFraming.contentLength(headers, length);
    Target target = Target.parse(method, method.equals("CONNECT") ? host : path);
    return new Http2Head(
        new RequestHead(method, target, host, headers, "HTTP/2", secure, remote),
        announced,
        RequestFraming.expectsContinue(headers));
  }

  private static void checkRegular(String name, String value) throws ProtocolException {
    require(FieldRules.isToken(name), "a field name is not a token");
    require(!OF_CONNECTION.contains(name), "a field of the connection is forbidden");
    require(!name.equals("te") || value.equalsIgnoreCase("trailers"), "te must be trailers");
  }

  private static String host(Headers headers, @Nullable String authority) throws ProtocolException {
    String host = headers.first("host");
    if (host != null) {
      require(
          headers.count("host") == 1
              && FieldRules.isAuthority(host)
              && (authority == null || authority.equalsIgnoreCase(host)),
          "host is malformed or differs from :authority");
    }
    String either = authority == null ? host : authority;
    require(either != null, "the request has no authority");
    return either == null ? "" : either;
  }

  private static void require(boolean condition, String message) throws ProtocolException {
    if (!condition) {
      throw new ProtocolException(message);
    }
  }
}
