package dev.goasync.http;

import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.ConnectionHandler;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The open connections of a server, and the choice of their protocol. Any thread may drain them.
 */
final class Connections {
  private static final String[] WITH_HTTP2 = {"h2", "http/1.1"};
  private static final String[] WITHOUT_HTTP2 = {"http/1.1"};

  private final Settings settings;
  private final RouteTable routes;
  private final Set<ServedConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Connections(Settings settings) {
    this.settings = settings;
    this.routes = new RouteTable(settings.routes());
  }

  ConnectionHandler<AsyncSocket> handler() {
    SSLContext tls = settings.tls();
    if (tls == null) {
      return socket -> serveHttp1(socket, socket.remoteAddress());
    }
    return socket -> {
      SocketAddress remote = socket.remoteAddress();
      TlsStream.handler(tls, this::offerProtocols, stream -> serveTls(stream, remote))
          .handle(socket);
    };
  }

  private void offerProtocols(SSLParameters parameters) {
    parameters.setApplicationProtocols(settings.http2() ? WITH_HTTP2 : WITHOUT_HTTP2);
  }

  private void serveTls(TlsStream stream, SocketAddress remote) throws IOException {
    if (stream.applicationProtocol().equals("h2")) {
      Http2Preface.read(stream, settings.headTimeout());
      serveHttp2(stream, remote, ByteBuffer.allocate(0));
    } else {
      serveHttp1(stream, remote);
    }
  }

  private void serveHttp1(ByteStream stream, SocketAddress remote) throws IOException {
    var connection = new Http1Connection(stream, settings, routes, remote);
    if (serve(connection, connection::serve)) {
      serveHttp2(stream, remote, connection.takeInput());
    }
  }

  private void serveHttp2(ByteStream stream, SocketAddress remote, ByteBuffer first)
      throws IOException {
    var connection = new Http2Connection(stream, settings, routes, remote);
    var _ =
        serve(
            connection,
            () -> {
              connection.serve(first);
              return false;
            });
  }

  /** Work on a connection; returns whether the client has chosen HTTP/2. */
  @FunctionalInterface
  private interface Work {
    boolean run() throws IOException;
  }

  private boolean serve(ServedConnection connection, Work work) throws IOException {
    open.add(connection);
    try {
      if (draining) {
        connection.drain();
      }
      return work.run();
    } finally {
      open.remove(connection);
    }
  }

  void drain() {
    draining = true;
    for (ServedConnection each : open) {
      try {
        each.drain();
      } catch (RejectedExecutionException _) {
        // its loop is closed, and so is the connection
      }
    }
  }
}
