package dev.goasync.http;

import dev.goasync.file.AsyncFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response, for an {@link HttpHandler}.
 *
 * <pre>{@code
 * HttpHandler handler = exchange -> {
 *   String order = exchange.readText();
 *   exchange.setHeader("Location", "/orders/17");
 *   exchange.respond(201, "created " + order.length() + " characters\n");
 * };
 * }</pre>
 *
 * <p>The response is sent at once by {@link #respond(int, String)} and its variants, or in parts by
 * {@link #startResponse}, or as {@linkplain #events events}. A handler may read the body and write
 * the response in turns. Bytes of a response wait in a buffer until it is full or the response
 * ends, or until the stream is flushed.
 *
 * <p><b>Threads.</b> The coroutine of the handler, and coroutines that it starts in a scope of its
 * own, one at a time.
 *
 * <p><b>Errors.</b> {@link IOException} if the client has gone; {@link StatusException} if the body
 * is malformed or too large; {@link IllegalStateException} if a response has been started before.
 *
 * <p><b>Cancellation.</b> A cancelled read or write ends the connection (HTTP/1.1) or the stream
 * (HTTP/2), since the client could not find the end of the message.
 */
public abstract sealed class HttpExchange permits Http1Exchange, Http2Exchange {
  private static final int COPY_BYTES = 32 * 1024;
  private static final byte[] NO_BYTES = {};

  /** Fields that describe the framing and the connection, which the server owns. */
  private static final Set<String> OWNED =
      Set.of(
          "connection",
          "content-length",
          "date",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  final RequestHead head;
  private final List<Header> fields = new ArrayList<>(4);
  private Map<String, String> parameters = Map.of();
  private boolean started;

  HttpExchange(RequestHead head) {
    this.head = head;
  }

  // ---- the request ----

  /** Returns the method, such as "GET". */
  public String method() {
    return head.method();
  }

  /** Returns the path of the target, encoded as it was sent; "*" for {@code OPTIONS *}. */
  public String path() {
    return head.target().path();
  }

  /**
   * Returns the decoded value of a name in braces of the route's pattern.
   *
   * @throws NoSuchElementException if the pattern has no such name
   */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new NoSuchElementException(
          "the route's pattern has no {" + name + "}; it has " + parameters.keySet());
    }
    return value;
  }

  /**
   * Returns the decoded value of a parameter of the query, the first one with this name; null if
   * there is none.
   *
   * @throws StatusException if the query has a malformed escape
   */
  public @Nullable String query(String name) throws StatusException {
    return head.target().queryParameter(name);
  }

  /** Returns the header fields of the request. */
  public Headers headers() {
    return head.headers();
  }

  /** Returns the first header field with this name, or null. */
  public @Nullable String header(String name) {
    return head.headers().first(name);
  }

  /** Returns the host, and the port if there is one, that the client asked for; may be empty. */
  public String authority() {
    return head.authority();
  }

  /** Returns "HTTP/1.0", "HTTP/1.1" or "HTTP/2". */
  public String protocol() {
    return head.protocol();
  }

  /** Whether the connection is encrypted by TLS. */
  public boolean isSecure() {
    return head.secure();
  }

  /** Returns the address of the client; null if the listener's streams have none. */
  public @Nullable SocketAddress remoteAddress() {
    return head.remote();
  }

  /**
   * Returns the body, always the same stream; empty if there is none. Its reads pause the
   * coroutine. They throw a {@link StatusException} if the body is malformed or longer than the
   * server's limit.
   */
  public abstract InputStream body();

  /** Reads the rest of the body; see {@link #body}. */
  public byte[] readBody() throws IOException {
    return body().readAllBytes();
  }

  /** Reads the rest of the body as UTF-8; malformed bytes become U+FFFD. */
  public String readText() throws IOException {
    return new String(readBody(), StandardCharsets.UTF_8);
  }

  // ---- the response ----

  /**
   * Sets a header field of the response, in place of those with the same name.
   *
   * @throws IllegalArgumentException if the field cannot be sent, or if the server sets it itself:
   *     Connection, Content-Length, Date, Transfer-Encoding and their kin
   * @throws IllegalStateException if the response has been started
   */
  public HttpExchange setHeader(String name, String value) {
    checkField(name, value);
    fields.removeIf(each -> each.getName().equalsIgnoreCase(name));
    fields.add(new BasicHeader(name, value));
    return this;
  }

  /** Adds a header field to the response, beside those with the same name; see setHeader. */
  public HttpExchange addHeader(String name, String value) {
    checkField(name, value);
    fields.add(new BasicHeader(name, value));
    return this;
  }

  private void checkField(String name, String value) {
    FieldRules.require(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    if (OWNED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the server sets the field " + name + " itself");
    }
    requireNotStarted();
  }

  private void requireNotStarted() {
    if (started) {
      throw new IllegalStateException("the response to " + this + " has been started before");
    }
  }

  /** Whether the response has been started. */
  public boolean isStarted() {
    return started;
  }

  /** Responds without a body. */
  public void respond(int status) throws IOException {
    send(status, NO_BYTES);
  }

  /** Responds with text, as UTF-8; its type is text/plain if the handler has set no other. */
  public void respond(int status, String text) throws IOException {
    if (!has("Content-Type")) {
      fields.add(new BasicHeader("Content-Type", "text/plain; charset=utf-8"));
    }
    send(status, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Responds with bytes.
   *
   * @param contentType a media type, such as "application/json"
   * @param body not changed by the caller until the handler has returned
   */
  public void respond(int status, String contentType, byte[] body) throws IOException {
    setHeader("Content-Type", contentType);
    send(status, body);
  }

  /**
   * Starts a response whose length is not known, and returns its body. It ends when the stream is
   * closed or the handler returns. Its flush sends what is buffered.
   */
  public OutputStream startResponse(int status) throws IOException {
    return start(status, -1);
  }

  /**
   * Starts a response of a known length, and returns its body. The handler must write exactly
   * {@code length} bytes, else the response is broken off. Nothing is sent for HEAD.
   *
   * @throws IllegalArgumentException if {@code length} is negative
   */
  public OutputStream startResponse(int status, long length) throws IOException {
    if (length < 0) {
      throw new IllegalArgumentException("length is negative: " + length);
    }
    return start(status, length);
  }

  /**
   * Starts a stream of server-sent events, which browsers read by {@code EventSource}.
   *
   * <pre>{@code
   * HttpHandler ticks = exchange -> {
   *   EventStream events = exchange.events();
   *   for (int i = 0; i < 10; i++) {
   *     events.send("tick " + i);
   *     GoAsync.sleep(Duration.ofSeconds(1));
   *   }
   * };
   * }</pre>
   */
  public EventStream events() throws IOException {
    setHeader("Content-Type", "text/event-stream");
    setHeader("Cache-Control", "no-store");
    return new EventStream(startResponse(200));
  }

  /**
   * Switches the connection to WebSocket. A browser's page of another server is refused with 403; a
   * request that is not a handshake with 426, and one of HTTP/2 with 505.
   *
   * @throws StatusException if the request is refused; the handler lets it pass
   */
  public WebSocket webSocket() throws IOException {
    return webSocket(Set.of());
  }

  /**
   * Switches the connection to WebSocket, also for the pages of other servers; see {@link
   * #webSocket()}.
   *
   * @param origins the origins of these pages, such as "https://example.org"
   */
  public WebSocket webSocket(Set<String> origins) throws IOException {
    requireNotStarted();
    return upgrade(WebSocketHandshake.accept(WebSocketHandshake.check(this, origins)));
  }

  private void send(int status, byte[] body) throws IOException {
    checkStatus(status);
    requireNotStarted();
    started = true;
    sendWhole(status, fields, allowsBody(status) ? body : NO_BYTES);
  }

  private OutputStream start(int status, long length) throws IOException {
    checkStatus(status);
    requireNotStarted();
    started = true;
    return sendHead(status, fields, allowsBody(status) ? length : 0);
  }

  private static void checkStatus(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be in 200..599: " + status);
    }
  }

  /** Whether a response with this status can have a body (RFC 9110, 6.4.1). */
  static boolean allowsBody(int status) {
    return status != 204 && status != 304;
  }

  private boolean has(String name) {
    return fields.stream().anyMatch(each -> each.getName().equalsIgnoreCase(name));
  }

  // ---- for the library ----

  void setParameters(Map<String, String> values) {
    parameters = values;
  }

  /** Drops the fields that a failed handler has set. */
  void clearFields() {
    fields.clear();
  }

  /** Marks the response as started by other means, such as an upgrade. */
  void markStarted() {
    requireNotStarted();
    started = true;
  }

  /** Sends a complete response; for HEAD, without the body. */
  abstract void sendWhole(int status, List<Header> responseFields, byte[] bytes) throws IOException;

  /**
   * Sends a head.
   *
   * @param length -1 if it is not known
   * @return the body
   */
  abstract OutputStream sendHead(int status, List<Header> responseFields, long length)
      throws IOException;

  /** Switches the connection to WebSocket. */
  abstract WebSocket upgrade(String accept) throws IOException;

  /** Sends a part of a file as the body; a copy, unless the kernel can transfer it. */
  void sendFile(int status, AsyncFile file, long position, long count) throws IOException {
    try (OutputStream output = startResponse(status, count)) {
      byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, count))];
      long at = position;
      while (at < position + count && !head.isHead()) {
        ByteBuffer target =
            ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, position + count - at));
        int read = file.read(target, at);
        if (read < 0) {
          throw new EOFException(file + " was truncated while it was being sent");
        }
        output.write(buffer, 0, read);
        at += read;
      }
    }
  }

  @Override
  public String toString() {
    return head.method() + " " + head.target().path();
  }
}
