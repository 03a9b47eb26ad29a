package dev.goasync.tls;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.ConnectionHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * A TLS connection over a socket, another stream, or any byte channel. In a coroutine each
 * operation pauses the coroutine; on any other thread it blocks the thread.
 *
 * <p>A client:
 *
 * <pre>{@code
 * try (var tls = TlsStream.connect("example.org", 443)) {
 *   tls.writeAll("GET / HTTP/1.0\r\nHost: example.org\r\n\r\n");
 *   System.out.println(tls.readAll());
 * }
 * }</pre>
 *
 * <p>A server:
 *
 * <pre>{@code
 * Server server = Server.listen(8443, TlsStream.handler(context, tls -> {
 *   tls.writeAll("hello " + tls.readLine(1000) + "\n");
 * }));
 * }</pre>
 *
 * <p>The {@link SSLContext} provides certificates, keys and trust, and resumes sessions; all other
 * settings are in {@link SSLParameters}. The first operation, or {@link #handshake}, makes the
 * handshake, and the offload pool computes it, so that it does not delay the loop. An idle stream
 * holds no buffer; neither does one whose reader waits, if the channel is {@link
 * dev.goasync.io.Selectable}, as sockets are.
 *
 * <p><b>Threads.</b> One reader and one writer at a time, as for any {@link ByteStream}; the first
 * read and the first write may run at the same time.
 *
 * <p><b>Errors.</b> {@link SSLException} and its subclasses if the peers cannot communicate or do
 * not trust each other. The peer gets an alert, and later operations throw the same failure. An
 * SSLException with an {@link java.io.EOFException} as its cause if the connection ends without the
 * peer's close_notify: data may be missing. Exceptions of the channel are thrown unchanged. {@link
 * ClosedChannelException} after {@link #close}. The renegotiation of TLS 1.2 is refused.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine, or interrupted thread, ends with
 * an exception only if no byte was transferred; the stream stays open and no byte is lost. Bytes
 * that a cancelled write has taken but not sent are sent by a separate coroutine. A cancelled
 * handshake continues in the next operation, unless a trust or key manager failed because it was
 * interrupted. Any operation can have a time limit: {@link GoAsync#withTimeout(java.time.Duration,
 * dev.goasync.Body)}.
 */
public final class TlsStream extends ByteStream {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

  private static final String AS_HTTPS = "HTTPS"; // RFC 2818: the names in the certificate

  private final Connection connection;

  private TlsStream(Connection connection) {
    super(connection);
    this.connection = connection;
  }

  // ---- clients ----

  /**
   * Connects to a server and makes the handshake. The JDK must trust the server's certificate,
   * which must be for {@code host}.
   *
   * @param host a name or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if the connection is refused
   * @throws SSLException if the server is not trusted, or does not speak TLS
   */
  public static TlsStream connect(String host, int port) throws IOException {
    return connect(host, port, defaultContext());
  }

  /**
   * Connects to a server and makes the handshake, with the keys and the trust of {@code context}.
   * The server's certificate must be for {@code host}.
   *
   * @param host a name or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if the connection is refused
   * @throws SSLException if the server is not trusted, or does not speak TLS
   */
  public static TlsStream connect(String host, int port, SSLContext context) throws IOException {
    return connect(host, port, context, unchanged -> {});
  }

  /**
   * Connects to a server and makes the handshake, with the keys and the trust of {@code context}
   * and with changed parameters, such as the application protocols.
   *
   * <pre>{@code
   * var tls = TlsStream.connect("example.org", 443, SSLContext.getDefault(), parameters ->
   *     parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}));
   * }</pre>
   *
   * @param host a name or an address literal
   * @param parameters changes the parameters, which require a certificate for {@code host}
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if the connection is refused
   * @throws SSLException if the server is not trusted, or does not speak TLS
   */
  public static TlsStream connect(
      String host, int port, SSLContext context, Consumer<? super SSLParameters> parameters)
      throws IOException {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(parameters, "parameters");
    AsyncSocket socket = AsyncSocket.connect(host, port);
    try {
      TlsStream tls = client(socket, context, host, port, parameters);
      tls.handshake();
      return tls;
    } catch (Throwable failed) {
      socket.close();
      throw failed;
    }
  }

  private static SSLContext defaultContext() throws SSLException {
    try {
      return GoAsync.offload(SSLContext::getDefault); // reads the file of trusted certificates
    } catch (NoSuchAlgorithmException broken) {
      throw new SSLException("the JDK has no default TLS context; pass an SSLContext", broken);
    }
  }

  /**
   * Creates a client over a connected channel. {@code context} must trust the server's certificate,
   * which must be for {@code host}.
   *
   * @param channel to the server; closed with this stream
   * @param host the name that was connected to, which is also sent to the server (SNI)
   * @param port with the host, the key under which sessions are kept
   * @throws IllegalBlockingModeException if the channel is a non-blocking one of the JDK
   */
  public static TlsStream client(ByteChannel channel, SSLContext context, String host, int port) {
    return client(channel, context, host, port, unchanged -> {});
  }

  /**
   * Creates a client over a connected channel, with changed parameters.
   *
   * @param channel to the server; closed with this stream
   * @param host the name that was connected to, which is also sent to the server (SNI)
   * @param port with the host, the key under which sessions are kept
   * @param parameters changes the parameters, which require a certificate for {@code host}
   * @throws IllegalBlockingModeException if the channel is a non-blocking one of the JDK
   */
  public static TlsStream client(
      ByteChannel channel,
      SSLContext context,
      String host,
      int port,
      Consumer<? super SSLParameters> parameters) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(parameters, "parameters");
    SSLEngine engine = context.createSSLEngine(Objects.requireNonNull(host, "host"), port);
    engine.setUseClientMode(true);
    SSLParameters changed = engine.getSSLParameters();
    changed.setEndpointIdentificationAlgorithm(AS_HTTPS);
    ServerNames.of(host).ifPresent(changed::setServerNames);
    parameters.accept(changed);
    engine.setSSLParameters(changed);
    return over(channel, engine);
  }

  // ---- servers ----

  /**
   * Creates the server's side of a connection, with the certificates of {@code context}. Of several
   * certificates, key managers of the algorithm {@code PKIX} choose one by the name that the client
   * sends (SNI).
   *
   * @param channel to the client; closed with this stream
   * @throws IllegalBlockingModeException if the channel is a non-blocking one of the JDK
   */
  public static TlsStream server(ByteChannel channel, SSLContext context) {
    return server(channel, context, unchanged -> {});
  }

  /**
   * Creates the server's side of a connection, with changed parameters.
   *
   * <pre>{@code
   * var tls = TlsStream.server(connection, context, parameters -> {
   *   parameters.setNeedClientAuth(true);
   *   parameters.setApplicationProtocols(new String[] {"http/1.1"});
   * });
   * }</pre>
   *
   * @param channel to the client; closed with this stream
   * @param parameters changes the engine's parameters
   * @throws IllegalBlockingModeException if the channel is a non-blocking one of the JDK
   */
  public static TlsStream server(
      ByteChannel channel, SSLContext context, Consumer<? super SSLParameters> parameters) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(parameters, "parameters");
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters changed = engine.getSSLParameters();
    parameters.accept(changed);
    engine.setSSLParameters(changed);
    return over(channel, engine);
  }

  /**
   * Returns a handler that serves each connection of a {@link dev.goasync.net.Server} by TLS. A
   * connection whose handshake takes longer than 30 seconds is closed.
   */
  public static ConnectionHandler<ByteStream> handler(
      SSLContext context, ConnectionHandler<? super TlsStream> handler) {
    return handler(context, unchanged -> {}, handler);
  }

  /**
   * Returns a handler as {@link #handler(SSLContext, ConnectionHandler)}, with changed parameters.
   *
   * @param parameters changes the engine's parameters, for each connection
   */
  public static ConnectionHandler<ByteStream> handler(
      SSLContext context,
      Consumer<? super SSLParameters> parameters,
      ConnectionHandler<? super TlsStream> handler) {
    return handler(context, parameters, HANDSHAKE_TIMEOUT, handler);
  }

  /**
   * Returns a handler that serves each connection of a {@link dev.goasync.net.Server} by TLS, with
   * changed parameters. It makes the handshake before it calls {@code handler}.
   *
   * @param parameters changes the engine's parameters, for each connection
   * @param handshakeTimeout the time limit for the handshake; a connection that exceeds it ends
   *     with an {@link SSLException}
   * @throws IllegalArgumentException if {@code handshakeTimeout} is negative
   */
  public static ConnectionHandler<ByteStream> handler(
      SSLContext context,
      Consumer<? super SSLParameters> parameters,
      Duration handshakeTimeout,
      ConnectionHandler<? super TlsStream> handler) {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(handler, "handler");
    if (handshakeTimeout.isNegative()) {
      throw new IllegalArgumentException("handshakeTimeout is negative: " + handshakeTimeout);
    }
    return connection -> {
      try (var tls = server(connection, context, parameters)) {
        tls.handshakeWithin(handshakeTimeout);
        handler.handle(tls);
      }
    };
  }

  private void handshakeWithin(Duration timeout) throws IOException {
    try {
      GoAsync.withTimeout(timeout, this::handshake);
    } catch (DeadlineExceededException tooSlow) {
      throw new SSLException(this + ": the handshake did not end within " + timeout, tooSlow);
    }
  }

  // ---- both ----

  /**
   * Creates a TLS connection with a given engine, of any provider.
   *
   * @param channel closed with this stream
   * @param engine configured, and not used yet
   * @throws IllegalBlockingModeException if the channel is a non-blocking one of the JDK
   */
  public static TlsStream over(ByteChannel channel, SSLEngine engine) {
    Objects.requireNonNull(channel, "channel");
    if (channel instanceof SelectableChannel ofJdk && !ofJdk.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    return new TlsStream(new Connection(channel, Objects.requireNonNull(engine, "engine")));
  }

  /**
   * Makes the handshake unless it is done. The first read or write does so as well.
   *
   * @throws SSLException if the peers do not agree or do not trust each other
   */
  public void handshake() throws IOException {
    connection.handshake();
  }

  /** The negotiated application protocol (ALPN); empty if none. Makes the handshake first. */
  public String applicationProtocol() throws IOException {
    connection.handshake();
    return Objects.requireNonNullElse(connection.engine.getApplicationProtocol(), "");
  }

  /** The session, with the peer's certificates. Makes the handshake first. */
  public SSLSession session() throws IOException {
    connection.handshake();
    return connection.engine.getSession();
  }

  /** The channel below, such as the socket, which knows the addresses. */
  public ByteChannel channel() {
    return connection.channel;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {Objects.requireNonNull(source, "source")});
  }

  /** Writes as many of the buffers' bytes as fit into one record; returns the count. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    for (int i = offset; i < offset + length; i++) {
      if (sources[i].hasRemaining()) {
        return connection.write(sources, offset, length);
      }
    }
    return 0;
  }

  /**
   * Ends the output: sends close_notify, after bytes that the caller has written to {@link
   * #writer}. The peer reads the bytes that were written, then the end of the stream. With TLS 1.2
   * most peers then end their output, too. Engines of other providers than the JDK may read nothing
   * more after that, also with TLS 1.3: read the peer's answer first.
   */
  public void shutdownOutput() throws IOException {
    flushBeforeClose();
    connection.shutdownOutput();
  }

  /**
   * Flushes bytes that the caller has written to {@link #writer}, sends close_notify unless another
   * caller is writing, and closes the channel. Operations of other callers that wait end as those
   * of the channel do. The close waits at most 5 seconds for a peer that does not read. A cancelled
   * coroutine does not wait, and the peer gets no close_notify. Closing again has no effect.
   *
   * <p>To be sure that the peer has received everything, call {@link #shutdownOutput} and read to
   * the end before closing.
   */
  @Override
  public void close() throws IOException {
    super.close();
  }

  @Override
  protected void closeHandle() throws IOException {
    connection.close();
  }

  /** Whether a record, or a part of one, is buffered. For tests. */
  boolean holdsBuffer() {
    return connection.holdsBuffer();
  }

  @Override
  public String toString() {
    return "TlsStream[" + connection.channel + "]";
  }
}
