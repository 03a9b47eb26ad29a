package dev.goasync.bridge;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.testkit.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The sockets of one comparison: the one whose method is called, its peer and a listener. */
@SuppressWarnings("try") // closing is all that the resources are for
final class ParityScene implements Closeable {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** So short that a read without input times out. */
  static final int SHORT_MILLIS = 1;

  /** Longer than any delay of the machine. */
  static final int LONG_MILLIS = 20_000;

  /** Holds the key for TLS, which is made on first use. */
  private static final class Tls {
    private static final TestIdentity IDENTITY = TestIdentity.of("localhost", "127.0.0.1");
    static final SSLContext CONTEXT = TestIdentity.context(new TestIdentity[] {IDENTITY}, IDENTITY);
  }

  private final Kind kind;
  private final ServerSocket listener;
  private final int listenerPort;
  private @Nullable Socket socket;
  private @Nullable Socket peer;
  private @Nullable InputStream input;
  private @Nullable OutputStream output;
  private @Nullable ServerSocket server;
  private final byte[] bytes = {10, 11, 12, 13, 14};

  ParityScene(Kind kind) throws IOException {
    this.kind = kind;
    listener = kind.serverSockets().createServerSocket(0, 10, LOOPBACK);
    listenerPort = listener.getLocalPort();
  }

  Kind kind() {
    return kind;
  }

  ServerSocket listener() {
    return listener;
  }

  int listenerPort() {
    return listenerPort;
  }

  SocketAddress listenerAddress() {
    return new InetSocketAddress(LOOPBACK, listenerPort);
  }

  byte[] bytes() {
    return bytes;
  }

  Socket socket() {
    return Objects.requireNonNull(socket);
  }

  @Nullable Socket peer() {
    return peer;
  }

  /** Gets the streams, as a library does that keeps them; a closed socket has none. */
  void keepStreams() throws IOException {
    input = socket().getInputStream();
    output = socket().getOutputStream();
  }

  InputStream input() throws IOException {
    return input != null ? input : socket().getInputStream();
  }

  OutputStream output() throws IOException {
    return output != null ? output : socket().getOutputStream();
  }

  void unconnected() throws IOException {
    Socket created = kind.sockets().createSocket();
    socket = created;
    created.setSoTimeout(SHORT_MILLIS);
  }

  /** Creates a listening socket to compare. */
  void unboundServer() throws IOException {
    ServerSocket created = kind.serverSockets().createServerSocket();
    server = created;
    created.setSoTimeout(SHORT_MILLIS);
  }

  void listeningServer() throws IOException {
    unboundServer();
    server().bind(new InetSocketAddress(LOOPBACK, 0));
  }

  /** Lets a peer connect, which is not accepted yet. */
  void serverWithConnection() throws IOException {
    listeningServer();
    Socket connected = kind.sockets().createSocket(LOOPBACK, server().getLocalPort());
    connected.setSoTimeout(LONG_MILLIS);
    peer = connected;
    server().setSoTimeout(LONG_MILLIS);
  }

  ServerSocket server() {
    return Objects.requireNonNull(server);
  }

  /** Connects, and makes a TLS handshake. */
  void connectTls() throws Exception {
    SSLContext context = Tls.CONTEXT;
    Socket created = kind.tlsSockets(context).createSocket(LOOPBACK, listenerPort);
    socket = created;
    created.setSoTimeout(SHORT_MILLIS);
    SSLSocket accepted =
        (SSLSocket) context.getSocketFactory().createSocket(listener.accept(), null, true);
    accepted.setUseClientMode(false);
    accepted.setSoTimeout(LONG_MILLIS);
    peer = accepted;
    Task<?> handshake = kind.beside(accepted::startHandshake);
    created.setSoTimeout(LONG_MILLIS);
    ((SSLSocket) created).startHandshake();
    Caller.finish(handshake);
    created.setSoTimeout(SHORT_MILLIS);
    keepStreams();
  }

  /** Closes the socket that was compared. A close of TLS reads what the peer may still send. */
  void closeCompared(Closeable compared) throws IOException {
    if (compared instanceof SSLSocket tls) {
      try {
        tls.setSoTimeout(SHORT_MILLIS);
      } catch (SocketException closed) {
        // its close reads nothing
      }
    }
    compared.close();
  }

  /** Replaces what differs between any two scenes by names: ports, and times of TLS sessions. */
  String masked(String text) {
    String masked =
        text.replaceAll("Session\\(\\d+", "Session(<time>")
            .replaceAll("\\b" + listenerPort + "\\b", "<listener>");
    masked = masked(masked, socket == null ? 0 : socket.getLocalPort(), "<own>");
    masked = masked(masked, server == null ? 0 : server.getLocalPort(), "<server>");
    return masked(masked, peer == null ? 0 : peer.getLocalPort(), "<peer>");
  }

  private static String masked(String text, int port, String name) {
    return port <= 1 ? text : text.replaceAll("\\b" + port + "\\b", name);
  }

  /** Connects; the socket that is compared is the one that connected. */
  void connect() throws IOException {
    unconnected();
    socket().connect(listenerAddress());
    Socket accepted = listener.accept();
    accepted.setSoTimeout(LONG_MILLIS);
    peer = accepted;
    keepStreams();
  }

  /** Connects and lets the peer send. */
  void connectWithInput(byte... sent) throws Exception {
    connect();
    Objects.requireNonNull(peer).getOutputStream().write(sent);
    InputStream in = socket().getInputStream();
    Waiting.until(() -> in.available() == sent.length);
  }

  /** Connects and lets the peer reset the connection. */
  void resetByPeer() throws Exception {
    connect();
    Socket there = Objects.requireNonNull(peer);
    there.setSoLinger(true, 0);
    there.close();
    socket().setSoTimeout(LONG_MILLIS);
  }

  /** Waits until the reset has arrived, without a read, which would see it. */
  void reset() throws Exception {
    resetByPeer();
    if (kind.caller() == Caller.COROUTINE) {
      Waiting.forATurn(); // the loop closes at the end of its turn
    }
    int port = socket().getLocalPort();
    Waiting.until(() -> !isConnectedInKernel(port));
  }

  /** Whether the kernel has a connection from a port to the listener: a reset removes it. */
  private boolean isConnectedInKernel(int port) throws IOException {
    Path table = Path.of("/proc/net/tcp6"); // has the sockets for both families
    String from = String.format(Locale.ROOT, ":%04X ", port);
    String to = String.format(Locale.ROOT, ":%04X ", listenerPort);
    return Files.exists(table)
        && Files.readAllLines(table).stream()
            .anyMatch(line -> line.contains(from) && line.contains(to));
  }

  /** What the peer reads until the end, after the socket was closed. */
  String receivedByPeer() {
    Socket there = peer;
    if (there == null || there.isClosed()) {
      return "";
    }
    try {
      return java.util.Arrays.toString(there.getInputStream().readAllBytes());
    } catch (IOException thrown) {
      return thrown.toString();
    }
  }

  /** Closes with resets, which leave no ports behind that wait for late packets. */
  @Override
  public void close() throws IOException {
    if (peer != null && !peer.isClosed()) {
      peer.setSoLinger(true, 0);
    }
    try (Socket first = socket;
        Socket second = peer;
        ServerSocket third = server;
        ServerSocket fourth = listener) {
      // closed in reverse order
    }
  }
}
