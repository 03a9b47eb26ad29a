package dev.goasync.inspector;

import dev.goasync.inspector.Request.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are answered: those of a page of this server, with its token.
 *
 * <p>The host must be an IP address or localhost. A page of another site reaches this server by a
 * name that its owner has resolved to our address (DNS rebinding), and the browser then sends that
 * name. The port of the host is not compared, since a tunnel may have another one.
 */
final class Guard {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

  private final byte[] token;
  private final Access access;
  private final String cookieName;

  Guard(String token, Access access, int port) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.access = access;
    this.cookieName = "goasync-inspector-" + port; // cookies of all ports share a name space
  }

  /**
   * Checks a request.
   *
   * @return the value of a Set-Cookie header; null if the request had the cookie
   * @throws Refused if it is not answered
   */
  @Nullable String check(Request request) throws Refused {
    checkMethod(request);
    String host = request.header("host");
    if (host == null || !isOwnHost(PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst(""))) {
      throw forbidden(
          "The Host header is not an address of this server. Use the URL that was printed.");
    }
    checkOrigin(request, host);
    if (isToken(cookie(request))) {
      return null;
    }
    if (isToken(request.query().get("token"))) {
      return cookieName
          + "="
          + new String(token, StandardCharsets.UTF_8)
          + "; Path=/; HttpOnly; SameSite=Strict";
    }
    throw forbidden("The token is missing or wrong. Use the URL that was printed.");
  }

  /** A command needs the origin, which each browser sends with it, so that no form can send it. */
  private void checkMethod(Request request) throws Refused {
    boolean post = request.method().equals("POST");
    if (post && request.path().equals("/cancel")) {
      if (!access.mayCancel()) {
        throw forbidden("The inspector was started without allowCancel(true).");
      }
      if (request.header("origin") == null) {
        throw forbidden("The request to cancel a task has no Origin header.");
      }
    } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw new Refused("405 Method Not Allowed", "Only GET and HEAD are supported.");
    }
  }

  /** A browser sends no origin with a navigation, and the own one with requests of the page. */
  private static void checkOrigin(Request request, String host) throws Refused {
    String origin = request.header("origin");
    if (origin != null && !origin.equalsIgnoreCase("http://" + host)) {
      throw forbidden("The request comes from a page of another origin.");
    }
    String site = request.header("sec-fetch-site");
    boolean navigates = Objects.equals(request.header("sec-fetch-mode"), "navigate");
    boolean own = site == null || site.equals("same-origin") || site.equals("none");
    if (!own && !(navigates && request.path().equals("/"))) {
      throw forbidden("The request comes from a page of another site.");
    }
  }

  private boolean isOwnHost(String host) {
    if (!access.loopbackOnly()) {
      return host.equals("localhost")
          || IPV4.matcher(host).matches()
          || IPV6.matcher(host).matches();
    }
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
  }

  private boolean isToken(@Nullable String candidate) {
    return candidate != null
        && MessageDigest.isEqual(token, candidate.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable String cookie(Request request) {
    String cookies = request.header("cookie");
    return cookies == null
        ? null
        : Arrays.stream(cookies.split(";"))
            .map(String::strip)
            .filter(each -> each.startsWith(cookieName + "="))
            .map(each -> each.substring(cookieName.length() + 1))
            .findFirst()
            .orElse(null);
  }

  private static Refused forbidden(String message) {
    return new Refused("403 Forbidden", message);
  }
}
