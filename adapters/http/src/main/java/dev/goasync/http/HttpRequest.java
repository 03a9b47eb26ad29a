package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * A request of an {@link HttpClient}, to be filled and sent.
 *
 * <pre>{@code
 * try (HttpClient client = HttpClient.create()) {
 *   HttpResponse created = client.request("POST", "http://localhost:8080/orders")
 *       .header("Content-Type", "application/json")
 *       .body("{}")
 *       .send();
 *   System.out.println(created.readText());
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> One caller at a time; any thread or coroutine may send it.
 */
public final class HttpRequest {
  private static final Set<String> OWNED =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final HttpClient client;
  private final String method;
  private final Origin origin;
  private final String target;
  private final List<Header> fields = new ArrayList<>(4);
  private byte @Nullable [] bytes;
  private @Nullable InputStream stream;
  private long length = -1;

  HttpRequest(HttpClient client, String method, URI uri) {
    if (!FieldRules.isToken(method) || method.equals("CONNECT")) {
      throw new IllegalArgumentException("the method is not supported: " + method);
    }
    this.client = client;
    this.method = method;
    this.origin = Origin.of(uri);
    this.target = target(uri);
  }

  private static String target(URI uri) {
    URI encoded = URI.create(uri.toASCIIString());
    String path = encoded.getRawPath();
    String query = encoded.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  /**
   * Adds a header field.
   *
   * @throws IllegalArgumentException if the field cannot be sent, or the client sets it itself:
   *     Host, Connection, Content-Length, Transfer-Encoding and their kin
   */
  public HttpRequest header(String name, String value) {
    FieldRules.require(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    if (OWNED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the client sets the field " + name + " itself");
    }
    fields.add(new BasicHeader(name, value));
    return this;
  }

  /** Sets the body; not changed by the caller until the response has come. */
  public HttpRequest body(byte[] body) {
    bytes = Objects.requireNonNull(body, "body");
    stream = null;
    length = body.length;
    return this;
  }

  /** Sets the body to text, as UTF-8. */
  public HttpRequest body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sets the body to a stream, which is read to its end when the request is sent. Its length is not
   * sent.
   */
  public HttpRequest body(InputStream body) {
    stream = Objects.requireNonNull(body, "body");
    bytes = null;
    length = -1;
    return this;
  }

  /**
   * Sends the request and waits for the head of the response. Redirects are not followed. A request
   * that the server cannot have begun, since its connection was closed before, is sent again.
   *
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if the connection is refused
   * @throws IOException if the connection fails, or the response is malformed
   * @throws java.util.concurrent.CancellationException if the caller is cancelled; the connection,
   *     or the stream of HTTP/2, ends
   */
  public HttpResponse send() throws IOException {
    return client.send(this);
  }

  // ---- for the library ----

  String method() {
    return method;
  }

  Origin origin() {
    return origin;
  }

  String target() {
    return target;
  }

  List<Header> fields() {
    return fields;
  }

  boolean hasBody() {
    return bytes != null || stream != null;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }

  @Nullable InputStream stream() {
    return stream;
  }

  /** Returns the length of the body; -1 if it is not known. */
  long length() {
    return length;
  }

  /** Whether the request can be sent twice (RFC 9110, 9.2.2). */
  boolean isRepeatable() {
    return stream == null
        && Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE").contains(method);
  }

  @Override
  public String toString() {
    return method + " " + origin + target;
  }
}
