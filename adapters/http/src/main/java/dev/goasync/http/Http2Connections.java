package dev.goasync.http;

import dev.goasync.EventLoop;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The HTTP/2 connections of a client: at most one for a loop and a server. Any thread. */
final class Http2Connections {
  /** Coroutines of a loop share connections, since its streams belong to that loop. */
  private record Key(EventLoop loop, Origin origin) {}

  private final Map<Key, Http2ClientConnection> open = new ConcurrentHashMap<>();

  /** Sends a request on a connection that is open; returns null if there is none. */
  @Nullable HttpResponse trySend(HttpRequest request) throws IOException {
    var key = new Key(EventLoop.currentOrDefault(), request.origin());
    Http2ClientConnection connection = open.get(key);
    if (connection == null) {
      return null;
    }
    if (!connection.isUsable()) {
      open.remove(key, connection);
      return null;
    }
    try {
      return connection.send(request);
    } catch (StaleConnectionException stale) {
      open.remove(key, connection);
      if (!request.isRepeatable()) {
        throw stale;
      }
      return null;
    }
  }

  /** Opens a connection over a stream and sends a request on it. */
  HttpResponse open(Origin origin, ByteStream stream, HttpRequest request) throws IOException {
    EventLoop loop = EventLoop.currentOrDefault();
    var connection = new Http2ClientConnection(loop, origin, stream);
    var key = new Key(loop, origin);
    // Of two coroutines that connect at once, the later one replaces the connection of the first,
    // which ends with its last stream.
    Http2ClientConnection before = open.put(key, connection);
    if (before != null) {
      before.shutdown();
    }
    connection.start(() -> open.remove(key, connection));
    return connection.send(request);
  }

  /** Closes the connections and waits for their end. */
  void close() {
    for (Http2ClientConnection each : List.copyOf(open.values())) {
      each.close();
    }
  }
}
