package dev.goasync.interop.tls;

import dev.goasync.Action;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A provider for each end, and the version of the protocol that both use. */
record Peers(TlsProvider client, TlsProvider server, String version) {
  static final String TLS12 = "TLSv1.2";
  static final String TLS13 = "TLSv1.3";

  @FunctionalInterface
  interface Conversation {
    void between(Connection connection) throws Exception;
  }

  /** Both ends of a TCP connection, with a TLS stream over each. */
  record Connection(
      AsyncSocket clientSocket, AsyncSocket serverSocket, TlsStream client, TlsStream server)
      implements AutoCloseable {

    /** Makes both handshakes at once. */
    void handshake() throws Exception {
      Task<?> beside = GoAsync.goAsync("server", server::handshake);
      client.handshake();
      finish(beside);
    }

    @Override
    public void close() throws IOException {
      try (clientSocket;
          serverSocket;
          server;
          client) {
        // the streams first
      }
    }
  }

  /** Each pair of providers, with each version. */
  static Stream<Peers> all() {
    List<Peers> all = new ArrayList<>();
    for (String version : List.of(TLS13, TLS12)) {
      for (TlsProvider client : TlsProvider.values()) {
        for (TlsProvider server : TlsProvider.values()) {
          all.add(new Peers(client, server, version));
        }
      }
    }
    return all.stream();
  }

  boolean isTls13() {
    return version.equals(TLS13);
  }

  boolean hasClient(TlsProvider... providers) {
    return List.of(providers).contains(client);
  }

  boolean hasServer(TlsProvider... providers) {
    return List.of(providers).contains(server);
  }

  /** Runs a conversation in a coroutine, after both handshakes. */
  void connected(Conversation conversation) throws Exception {
    connected(unchanged -> unchanged, unchanged -> unchanged, conversation);
  }

  void connected(
      UnaryOperator<Settings> client, UnaryOperator<Settings> server, Conversation conversation)
      throws Exception {
    open(
        client,
        server,
        connection -> {
          connection.handshake();
          conversation.between(connection);
        });
  }

  /** Runs a conversation in a coroutine, before the handshakes. */
  void open(
      UnaryOperator<Settings> client, UnaryOperator<Settings> server, Conversation conversation)
      throws Exception {
    inCoroutine(() -> {
      try (Connection connection = connect(client, server)) {
        conversation.between(connection);
      }
    });
  }

  private Connection connect(UnaryOperator<Settings> ofClient, UnaryOperator<Settings> ofServer)
      throws Exception {
    AsyncSocket[] sockets = socketPair();
    return new Connection(
        sockets[0],
        sockets[1],
        client.client(sockets[0], ofClient.apply(Settings.client(version))),
        server.server(sockets[1], ofServer.apply(Settings.server(version))));
  }

  /** A client's socket and the server's. */
  static AsyncSocket[] socketPair() throws IOException {
    try (var listener =
        AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      AsyncSocket client = AsyncSocket.connect(listener.localAddress());
      return new AsyncSocket[] {client, listener.accept()};
    }
  }

  /** Runs {@code body} in a coroutine of a loop of its own, and throws what it throws. */
  static void inCoroutine(Action<?> body) throws Exception {
    EventLoop loop = EventLoop.start("tls");
    try {
      finish(loop.goAsync(body));
    } finally {
      loop.closeNow();
    }
  }

  /** Awaits a task and throws what its body threw. */
  static void finish(Task<?> task) throws Exception {
    try {
      task.await();
    } catch (RuntimeException failed) {
      switch (task.failure()) {
        case Error error -> throw error;
        case Exception thrown -> throw thrown;
        case null, default -> throw failed;
      }
    }
  }

  @Override
  public String toString() {
    return client + " to " + server + ", " + version;
  }
}
