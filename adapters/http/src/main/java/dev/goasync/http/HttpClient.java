package dev.goasync.http;

import dev.goasync.GoAsync;
import dev.goasync.net.AsyncSocket;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests by HTTP/1.1 and HTTP/2, and keeps connections for further requests.
 *
 * <pre>{@code
 * try (HttpClient client = HttpClient.create()) {
 *   String page = GoAsync.withTimeout(Duration.ofSeconds(5), () ->
 *       client.get("http://localhost:8080/hello/you").readText());
 *   System.out.println(page);
 * }
 * }</pre>
 *
 * <p>A coroutine uses HTTP/2 with a server that offers it by ALPN, and shares one connection with
 * the other coroutines of its loop; a plain thread uses HTTP/1.1. Time limits are those of the
 * caller: {@link GoAsync#withTimeout(Duration, dev.goasync.Body)}. Redirects, cookies and
 * compressed bodies are left to the program.
 *
 * <p><b>Threads.</b> Any thread or coroutine, also several at once.
 */
public final class HttpClient implements AutoCloseable {
  /** Options of clients; immutable: each method returns changed options. */
  public static final class Options {
    private final @Nullable SSLContext tls;
    private final boolean http2;
    private final boolean priorKnowledge;
    private final Duration idleTimeout;

    private Options(
        @Nullable SSLContext tls, boolean http2, boolean priorKnowledge, Duration idleTimeout) {
      this.tls = tls;
      this.http2 = http2;
      this.priorKnowledge = priorKnowledge;
      this.idleTimeout = idleTimeout;
    }

    /** Sets the keys and the trust of TLS. The default is {@link SSLContext#getDefault}. */
    public Options tls(SSLContext context) {
      Objects.requireNonNull(context, "context");
      return new Options(context, http2, priorKnowledge, idleTimeout);
    }

    /** Sets whether coroutines use HTTP/2 with servers that offer it. The default is true. */
    public Options http2(boolean enabled) {
      return new Options(tls, enabled, priorKnowledge, idleTimeout);
    }

    /**
     * Sets whether coroutines use HTTP/2 without TLS, too, with servers that are known to support
     * it. The default is false.
     */
    public Options http2PriorKnowledge(boolean enabled) {
      return new Options(tls, http2, enabled, idleTimeout);
    }

    /**
     * Sets how long an unused connection is kept. The default is 30 seconds.
     *
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public Options idleTimeout(Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("timeout is negative: " + timeout);
      }
      return new Options(tls, http2, priorKnowledge, timeout);
    }

    /** Creates a client with these options. */
    public HttpClient create() {
      return new HttpClient(this);
    }
  }

  private static final Options DEFAULT = new Options(null, true, false, Duration.ofSeconds(30));

  private final Options options;
  private final IdleConnections idle;
  private final Http2Connections shared = new Http2Connections();
  private volatile boolean closed;

  private HttpClient(Options options) {
    this.options = options;
    this.idle = new IdleConnections(options.idleTimeout);
  }

  /** Returns the default options, to be changed. */
  public static Options with() {
    return DEFAULT;
  }

  /** Creates a client with the default options. */
  public static HttpClient create() {
    return DEFAULT.create();
  }

  /**
   * Creates a request.
   *
   * @param uri with the scheme http or https
   * @throws IllegalArgumentException if {@code uri} is malformed, or the method is not a token
   */
  public HttpRequest request(String method, String uri) {
    return new HttpRequest(this, method, URI.create(uri));
  }

  /** Sends a GET request and waits for the head of the response; see {@link HttpRequest#send}. */
  public HttpResponse get(String uri) throws IOException {
    return request("GET", uri).send();
  }

  /**
   * Opens a WebSocket, on a connection of its own.
   *
   * @param uri with the scheme ws or wss, or http or https
   * @throws IOException if the connection fails, or the server refuses the handshake
   */
  public WebSocket webSocket(String uri) throws IOException {
    HttpRequest request = request("GET", uri);
    Origin origin = request.origin();
    AsyncSocket socket = AsyncSocket.connect(origin.host(), origin.port());
    boolean opened = false;
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      var connection =
          new Http1ClientConnection(
              origin, origin.secure() ? secure(socket, origin, false) : socket);
      WebSocket made = connection.upgrade(request);
      opened = true;
      return made;
    } finally {
      if (!opened) {
        socket.close();
      }
    }
  }

  HttpResponse send(HttpRequest request) throws IOException {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
    boolean mayUseHttp2 = GoAsync.inCoroutine() && options.http2;
    if (mayUseHttp2) {
      HttpResponse response = shared.trySend(request);
      if (response != null) {
        return response;
      }
    }
    Http1ClientConnection kept = idle.take(request.origin());
    if (kept != null) {
      try {
        return kept.send(request, idle);
      } catch (StaleConnectionException stale) {
        if (!request.isRepeatable()) {
          throw stale;
        }
      }
    }
    return sendAnew(request, mayUseHttp2);
  }

  private HttpResponse sendAnew(HttpRequest request, boolean mayUseHttp2) throws IOException {
    Origin origin = request.origin();
    AsyncSocket socket = AsyncSocket.connect(origin.host(), origin.port());
    boolean handedOver = false;
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (!origin.secure()) {
        handedOver = true;
        return mayUseHttp2 && options.priorKnowledge
            ? shared.open(origin, socket, request)
            : new Http1ClientConnection(origin, socket).send(request, idle);
      }
      TlsStream tls = secure(socket, origin, mayUseHttp2);
      handedOver = true;
      return tls.applicationProtocol().equals("h2")
          ? shared.open(origin, tls, request)
          : new Http1ClientConnection(origin, tls).send(request, idle);
    } finally {
      if (!handedOver) {
        socket.close();
      }
    }
  }

  private TlsStream secure(AsyncSocket socket, Origin origin, boolean mayUseHttp2)
      throws IOException {
    SSLContext context = options.tls;
    String[] protocols = mayUseHttp2 ? new String[] {"h2", "http/1.1"} : new String[] {"http/1.1"};
    TlsStream tls =
        TlsStream.client(
            socket,
            context == null ? defaultContext() : context,
            origin.host(),
            origin.port(),
            parameters -> parameters.setApplicationProtocols(protocols));
    tls.handshake();
    return tls;
  }

  private static SSLContext defaultContext() throws SSLException {
    try {
      return GoAsync.offload(SSLContext::getDefault); // reads the file of trusted certificates
    } catch (NoSuchAlgorithmException broken) {
      throw new SSLException("the JDK has no default TLS context; set Options.tls", broken);
    }
  }

  /**
   * Closes the connections that are not used, and those of HTTP/2. A response of HTTP/1.1 that is
   * being read can be read to its end. Closing again has no effect.
   */
  @Override
  public void close() throws IOException {
    closed = true;
    shared.close();
    idle.close();
  }
}
