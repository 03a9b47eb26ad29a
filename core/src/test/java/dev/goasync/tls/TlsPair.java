package dev.goasync.tls;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A client and a server, connected by TCP. */
record TlsPair(AsyncSocket clientSocket, AsyncSocket serverSocket) implements AutoCloseable {
  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static final TestIdentity LOCALHOST = TestIdentity.of("localhost", "127.0.0.1");
  static final SSLContext SERVER = LOCALHOST.context();
  static final SSLContext CLIENT = LOCALHOST.trustingContext();

  @FunctionalInterface
  interface Conversation {
    void between(TlsStream client, TlsStream server) throws Exception;
  }

  static TlsPair open() throws Exception {
    try (var listener = AsyncServerSocket.listen(LOOPBACK)) {
      AsyncSocket client = AsyncSocket.connect(listener.localAddress());
      return new TlsPair(client, listener.accept());
    }
  }

  /** Waits for the first byte; in portable mode a wait of the JDK would block the loop. */
  static <T> T first(BlockingQueue<T> queue) throws InterruptedException {
    return GoAsync.<T, InterruptedException>offload(() -> queue.take());
  }

  static Consumer<SSLParameters> version(String protocol) {
    return parameters -> parameters.setProtocols(new String[] {protocol});
  }

  /** Runs code over a TCP connection whose handshake is done. */
  static void connected(Caller caller, Consumer<SSLParameters> ofClient, Conversation conversation)
      throws Exception {
    caller.run(() -> {
      try (TlsPair pair = open();
          var client = pair.client(ofClient);
          var server = pair.server()) {
        shake(caller, client, server);
        conversation.between(client, server);
      }
    });
  }

  TlsStream client(Consumer<SSLParameters> parameters) {
    return TlsStream.client(clientSocket, CLIENT, "localhost", 443, parameters);
  }

  TlsStream client() {
    return client(unchanged -> {});
  }

  TlsStream server() {
    return TlsStream.server(serverSocket, SERVER);
  }

  static void shake(Caller caller, TlsStream client, TlsStream server) throws Exception {
    Task<?> beside = caller.beside(server::handshake);
    client.handshake();
    Caller.finish(beside);
  }

  @Override
  public void close() throws IOException {
    clientSocket.close();
    serverSocket.close();
  }
}
