package dev.goasync.http;

import java.net.URI;
import java.util.Locale;

/**
 * The server of a URI.
 *
 * @param host without the brackets of an IPv6 address
 */
record Origin(boolean secure, String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https") || scheme.equals("wss");
    if (!secure && !scheme.equals("http") && !scheme.equals("ws")) {
      throw new IllegalArgumentException("the scheme must be http or https: " + uri);
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException("the URI has no host: " + uri);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Origin(secure, bare, port);
  }

  /** Returns the value of Host. */
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (secure ? HTTPS_PORT : HTTP_PORT) ? name : name + ":" + port;
  }

  String scheme() {
    return secure ? "https" : "http";
  }

  @Override
  public String toString() {
    return scheme() + "://" + authority();
  }
}
