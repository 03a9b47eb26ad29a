package dev.goasync.tls;

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
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * TLS over a socket, another stream, or a channel of one's own. In a coroutine each operation
 * pauses the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var tls = TlsStream.connect("example.org", 443)) {
 *   tls.writeAll("GET / HTTP/1.0\r\nHost: example.org\r\n\r\n");
 *   System.out.println(tls.readAll());
 * }
 *
 * Server server = Server.listen(8443, TlsStream.handler(context, tls -> {
 *   tls.writeAll("hello " + tls.readLine(1000) + "\n");
 * }));
 * }</pre>
 *
 * <p>Certificates, keys and trust are the {@link SSLContext}'s, which also resumes sessions; all
 * else is set in {@link SSLParameters}. The handshake is part of the first operation, or of {@link
 * #handshake}, and what it has to compute is done by the offload pool, so that it stalls no loop. A
 * stream in which nothing is under way holds no buffer; nor does one whose reader waits, if the
 * channel can be waited for ({@link dev.goasync.io.Selectable}), as sockets can.
 *
 * <p><b>Threads.</b> One reader and one writer at a time, as of any {@link ByteStream}; both may
 * begin at once.
 *
 * <p><b>Errors.</b> {@link SSLException} and its subclasses if the peers do not understand or trust
 * each other, after which nothing can be read or written; the peer is told by an alert. Also if the
 * connection ends without the peer's saying so, with an {@link java.io.EOFException} as the cause,
 * for what was cut off must not pass for the end. What the channel throws comes out as it is.
 * {@link ClosedChannelException} after {@link #close}. TLS 1.2's renegotiation is refused.
 *
 * <p><b>Cancellation.</b> As of a socket: an operation of a cancelled coroutine, or interrupted
 * thread, ends with an exception only when nothing has happened, the stream stays open and no byte
 * is lost. What a write has taken and could not send any more is sent by a coroutine of its own. A
 * handshake that was cancelled goes on in the next operation, unless a trust or key manager failed
 * because it was interrupted. Time limits are set by {@link GoAsync#withTimeout(java.time.Duration,
 * dev.goasync.Body)} around anything.
 */
public final class TlsStream extends ByteStream {
  private static final String AS_HTTPS = "HTTPS"; // RFC 2818: the names in the certificate

  private final Connection connection;

  private TlsStream(Connection connection) {
    super(connection);
    this.connection = connection;
  }

  // ---- clients ----

  /**
   * Connects to a server, shakes hands, and checks that its certificate is trusted by the JDK and
   * is for {@code host}.
   *
   * @param host a name, or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if it is refused
   * @throws SSLException if the server is not to be trusted, or does not speak TLS
   */
  public static TlsStream connect(String host, int port) throws IOException {
    return connect(host, port, defaultContext());
  }

  /** Like {@link #connect(String, int)}, with keys and trust of one's own. */
  public static TlsStream connect(String host, int port, SSLContext context) throws IOException {
    return connect(host, port, context, unchanged -> {});
  }

  /**
   * Like {@link #connect(String, int)}, with keys, trust and parameters of one's own.
   *
   * <pre>{@code
   * var tls = TlsStream.connect("example.org", 443, SSLContext.getDefault(), parameters ->
   *     parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}));
   * }</pre>
   *
   * @param parameters changes what is set already
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
      return GoAsync.offload(SSLContext::getDefault); // reads the trusted certificates
    } catch (NoSuchAlgorithmException broken) {
      throw new SSLException("the JDK has no default TLS context; give one of your own", broken);
    }
  }

  /**
   * A client that checks that the server's certificate is trusted, and is for {@code host}.
   *
   * @param channel to the server; closed with this stream
   * @param host the name that was connected to, which the server is told too (SNI)
   * @param port with the host, what sessions are kept by
   * @throws IllegalBlockingModeException if the channel is one of the JDK that does not block
   */
  public static TlsStream client(ByteChannel channel, SSLContext context, String host, int port) {
    return client(channel, context, host, port, unchanged -> {});
  }

  /**
   * Like {@link #client(ByteChannel, SSLContext, String, int)}, with parameters of one's own.
   *
   * @param parameters changes what is set already
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
   * A server with the certificates of {@code context}. If there are several, key managers of the
   * algorithm {@code PKIX} choose by the name that the client asks for (SNI).
   *
   * @param channel to the client; closed with this stream
   * @throws IllegalBlockingModeException if the channel is one of the JDK that does not block
   */
  public static TlsStream server(ByteChannel channel, SSLContext context) {
    return server(channel, context, unchanged -> {});
  }

  /**
   * Like {@link #server(ByteChannel, SSLContext)}, with parameters of one's own.
   *
   * <pre>{@code
   * var tls = TlsStream.server(connection, context, parameters -> {
   *   parameters.setNeedClientAuth(true);
   *   parameters.setApplicationProtocols(new String[] {"http/1.1"});
   * });
   * }</pre>
   *
   * @param parameters changes what is set already
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

  /** Handles each connection of a {@link dev.goasync.net.Server} by TLS. */
  public static ConnectionHandler<ByteStream> handler(
      SSLContext context, ConnectionHandler<? super TlsStream> handler) {
    return handler(context, unchanged -> {}, handler);
  }

  /**
   * Like {@link #handler(SSLContext, ConnectionHandler)}, with parameters of one's own.
   *
   * @param parameters changes what is set already, for each connection
   */
  public static ConnectionHandler<ByteStream> handler(
      SSLContext context,
      Consumer<? super SSLParameters> parameters,
      ConnectionHandler<? super TlsStream> handler) {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(handler, "handler");
    return connection -> {
      try (var tls = server(connection, context, parameters)) {
        handler.handle(tls);
      }
    };
  }

  // ---- both ----

  /**
   * What an engine of one's own says, which has been set up and not used yet.
   *
   * @param channel closed with this stream
   * @throws IllegalBlockingModeException if the channel is one of the JDK that does not block
   */
  public static TlsStream over(ByteChannel channel, SSLEngine engine) {
    Objects.requireNonNull(channel, "channel");
    if (channel instanceof SelectableChannel ofJdk && !ofJdk.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    return new TlsStream(new Connection(channel, Objects.requireNonNull(engine, "engine")));
  }

  /**
   * Shakes hands, unless that has been done: the first operation does so too.
   *
   * @throws SSLException if the peers do not agree or do not trust each other
   */
  public void handshake() throws IOException {
    connection.handshake();
  }

  /** The protocol that was agreed on (ALPN); empty if none. Shakes hands first. */
  public String applicationProtocol() throws IOException {
    connection.handshake();
    return Objects.requireNonNullElse(connection.engine.getApplicationProtocol(), "");
  }

  /** What was agreed on, with the peer's certificates. Shakes hands first. */
  public SSLSession session() throws IOException {
    connection.handshake();
    return connection.engine.getSession();
  }

  /** The channel below, such as the socket, to ask for addresses. */
  public ByteChannel channel() {
    return connection.channel;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {Objects.requireNonNull(source, "source")});
  }

  /** Writes what fits into a record of the buffers' bytes; returns the count. */
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
   * Ends our output: the peer reads what was written, and then its end. What the caller has written
   * to {@link #writer} goes first. With TLS 1.2 most peers end their output then, too.
   */
  public void shutdownOutput() throws IOException {
    flushBeforeClose();
    connection.shutdownOutput();
  }

  /**
   * Ends the output, unless somebody is writing, and closes the channel; operations of others under
   * way end as the channel's do. A peer that does not read is waited for no longer than 5 seconds.
   * A cancelled coroutine waits for nothing, and the peer sees that the end is missing. Closing
   * again does nothing. What the caller has written to {@link #writer} goes out first, but in a
   * cancelled coroutine.
   *
   * <p>Who must know that all has arrived, calls {@link #shutdownOutput} and reads to the end
   * before closing.
   */
  @Override
  public void close() throws IOException {
    super.close();
  }

  @Override
  protected void closeHandle() throws IOException {
    connection.close();
  }

  /** Whether a record, or a part of one, is kept. */
  boolean holdsBuffer() {
    return connection.holdsBuffer();
  }

  @Override
  public String toString() {
    return "TlsStream[" + connection.channel + "]";
  }
}
