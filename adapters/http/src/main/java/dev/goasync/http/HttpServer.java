package dev.goasync.http;

import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.file.AsyncDirectory;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Serves HTTP/1.1 and HTTP/2 with a coroutine for each request. The same port speaks both: HTTP/2
 * is chosen by ALPN over TLS, and by prior knowledge of the client without TLS.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.with()
 *     .route("GET", "/hello/{name}", exchange ->
 *         exchange.respond(200, "hello " + exchange.parameter("name") + "\n"))
 *     .open(8080);
 * server.await();
 * }</pre>
 *
 * <p>A server starts at once and runs until it is stopped. {@link #close} stops accepting, ends
 * idle connections at once and the others after the requests that they answer; see {@link
 * Options#grace}.
 *
 * <p><b>Threads.</b> All methods may be called from any thread or coroutine. Handlers run on the
 * loop that accepted their connection.
 *
 * <p><b>Errors.</b> An exception of a handler ends its request only; see {@link HttpHandler}.
 * Requests that are malformed, too large or too slow are refused with 400, 408, 413, 414, 417, 431,
 * 501 or 505; the handler does not see them.
 *
 * <p><b>Cancellation.</b> A cancel of a caller that waits for the end in {@link #close} cancels the
 * connections at once.
 */
public final class HttpServer implements AutoCloseable {
  /** Options of servers; immutable: each method returns changed options. */
  public static final class Options {
    private final Settings settings;
    private final Server.Options server;

    private Options(Settings settings, Server.Options server) {
      this.settings = settings;
      this.server = server;
    }

    private Options with(Server.Options changed) {
      return new Options(settings, changed);
    }

    /**
     * Adds a route. A pattern without names is tried first, then the patterns in the order in which
     * they were added.
     *
     * @param method such as "GET", which includes HEAD; "*" for any method
     * @param pattern a path; {@code {name}} matches one segment, and {@code {name...}} at the end
     *     the rest of the path
     * @throws IllegalArgumentException if the method or the pattern is malformed
     */
    public Options route(String method, String pattern, HttpHandler handler) {
      List<Route> routes = new ArrayList<>(settings.routes());
      routes.add(Route.parse(method, pattern, Objects.requireNonNull(handler, "handler")));
      return new Options(settings.withRoutes(routes), server);
    }

    /**
     * Serves the files of a directory, which no path, also no link, can lead out of: {@code
     * files("/static", directory)} answers {@code /static/a/b.css} with the file {@code a/b.css}.
     * It supports ranges, entity tags and conditions, and {@code index.html} for a directory. It
     * does not list directories.
     *
     * @param prefix begins with a slash; "/" for all paths that no other route has
     * @param directory stays open while the server runs; the caller closes it
     */
    public Options files(String prefix, AsyncDirectory directory) {
      Objects.requireNonNull(directory, "directory");
      String pattern = (prefix.endsWith("/") ? prefix : prefix + "/") + "{file...}";
      return route("GET", pattern, new StaticFiles(directory, "file"));
    }

    /** Serves on this loop. The default is {@link EventLoop#currentOrDefault}. */
    public Options on(EventLoop loop) {
      return with(server.on(loop));
    }

    /** Serves on all loops of a group. */
    public Options on(EventLoopGroup group) {
      return with(server.on(group));
    }

    /**
     * Limits how many connections are served at once. The default is no limit.
     *
     * @throws IllegalArgumentException if {@code maxConnections} is not positive
     */
    public Options maxConnections(int maxConnections) {
      return with(server.maxConnections(maxConnections));
    }

    /**
     * Sets how long requests may continue after the server was stopped; then they are cancelled.
     * The default is 5 seconds.
     *
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    public Options grace(Duration grace) {
      return with(server.grace(grace));
    }

    /** Serves by TLS, with the certificates of {@code context}. */
    public Options tls(SSLContext context) {
      Objects.requireNonNull(context, "context");
      return new Options(settings.withTls(context), server);
    }

    /** Sets whether the server speaks HTTP/2 beside HTTP/1.1. The default is true. */
    public Options http2(boolean enabled) {
      return new Options(settings.withHttp2(enabled), server);
    }

    /**
     * Limits the header fields of a request, all together, in bytes; 431 refuses more. The default
     * is 32 KiB.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is not positive
     */
    public Options maxHeadBytes(int maxBytes) {
      requirePositive(maxBytes, "maxBytes");
      return new Options(settings.withMaxHeadBytes(maxBytes), server);
    }

    /**
     * Limits the body of a request in bytes; 413 refuses more. The default is 16 MiB.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is not positive
     */
    public Options maxBodyBytes(long maxBytes) {
      requirePositive(maxBytes, "maxBytes");
      return new Options(settings.withMaxBodyBytes(maxBytes), server);
    }

    /**
     * Limits the streams of an HTTP/2 connection that are open at once. The default is 100.
     *
     * @throws IllegalArgumentException if {@code maxStreams} is not positive
     */
    public Options maxStreams(int maxStreams) {
      requirePositive(maxStreams, "maxStreams");
      return new Options(settings.withMaxStreams(maxStreams), server);
    }

    /**
     * Sets how long a connection may wait for its next request; then it is closed. The default is
     * 60 seconds. Limits are exact to an eighth of the shortest one.
     *
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public Options idleTimeout(Duration timeout) {
      requirePositive(timeout);
      return new Options(settings.withIdleTimeout(timeout), server);
    }

    /**
     * Sets how long the head of a request may take from its first byte; 408 refuses a slower one.
     * The default is 10 seconds.
     *
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public Options headTimeout(Duration timeout) {
      requirePositive(timeout);
      return new Options(settings.withHeadTimeout(timeout), server);
    }

    /**
     * Sets how long a client may send no byte of a body, or take no byte of a response; then the
     * handler is cancelled. The default is 30 seconds.
     *
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public Options stallTimeout(Duration timeout) {
      requirePositive(timeout);
      return new Options(settings.withStallTimeout(timeout), server);
    }

    /**
     * Sets the listener that gets the exceptions of handlers. By default they are logged. An
     * exception because the client has gone is not one of them.
     */
    public Options onFailure(Consumer<? super Throwable> listener) {
      Objects.requireNonNull(listener, "listener");
      return new Options(
          settings.withOnFailure(listener),
          server.onFailure(failure -> {
            if (!(failure instanceof IOException)) {
              listener.accept(failure);
            }
          }));
    }

    private static void requirePositive(long value, String name) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " must be positive: " + value);
      }
    }

    private static void requirePositive(Duration timeout) {
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("timeout must be positive: " + timeout);
      }
    }

    /**
     * Opens a server on all addresses of the machine.
     *
     * @param port 0 for any free port, which {@link HttpServer#port} returns
     * @throws java.net.BindException if the port is in use or not allowed
     */
    public HttpServer open(int port) throws IOException {
      return open(new InetSocketAddress(port));
    }

    /**
     * Opens a server on one address.
     *
     * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
     */
    public HttpServer open(InetSocketAddress local) throws IOException {
      var connections = new Connections(settings);
      return new HttpServer(server.listen(local, connections.handler()), connections);
    }
  }

  private static final Options DEFAULT = new Options(Settings.DEFAULT, Server.with());

  private final Server server;
  private final Connections connections;

  private HttpServer(Server server, Connections connections) {
    this.server = server;
    this.connections = connections;
  }

  /** Returns the default options, without a route, to be changed. */
  public static Options with() {
    return DEFAULT;
  }

  /** Returns the address that the server listens on, with the port that was chosen. */
  public SocketAddress localAddress() {
    return server.localAddress();
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return server.port();
  }

  /** Returns the number of open connections. */
  public int connections() {
    return server.connections();
  }

  /** Returns the server of connections below, for its counters. */
  public Server server() {
    return server;
  }

  /**
   * Stops accepting. Idle connections end at once, the others after the requests that they answer,
   * or after the {@linkplain Options#grace grace}. Does not wait for them, so a handler may call
   * it. Stopping again has no effect.
   *
   * @throws IOException if the listener cannot be closed
   */
  public void stop() throws IOException {
    server.stop();
    connections.drain();
  }

  /**
   * Waits until the server has been stopped and its last connection has ended.
   *
   * @throws java.util.concurrent.CancellationException if the caller is cancelled or, outside
   *     coroutines, interrupted
   */
  public void await() {
    server.await();
  }

  /**
   * {@linkplain #stop Stops} the server and waits until its last connection has ended. In a
   * cancelled coroutine, or an interrupted thread, the connections are cancelled at once.
   *
   * @throws IllegalStateException if a handler of this server calls it
   */
  @Override
  public void close() throws IOException {
    stop();
    server.close();
  }

  /** {@linkplain #stop Stops} the server, cancels its connections, and waits for their end. */
  public void closeNow() throws IOException {
    server.closeNow();
  }

  @Override
  public String toString() {
    return "Http" + server;
  }
}
