package dev.goasync.examples;

import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Forwards TCP connections to another server, both directions at once: {@code tcp-proxy [--port
 * PORT] HOST:PORT}.
 *
 * <p>The end of one direction is forwarded while the opposite direction stays open. A connection
 * that fails is reset on both sides, so that neither takes a part for the whole. After Ctrl-C the
 * proxy accepts no connections, and open ones have some seconds to end.
 */
public final class TcpProxy {
  private static final int MAX_CONNECTIONS = 1_000;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The buffer of one direction, which bounds what a slow reader can hold up. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Unused buffers. One loop serves all connections, so no lock is needed. */
  private static final ArrayDeque<ByteBuffer> BUFFERS = new ArrayDeque<>();

  /** The target of the connections; its name is resolved for each. */
  private record Target(String host, int port) {
    static Target parse(Options options) {
      String text = String.valueOf(options.operand());
      if (!text.matches("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+):[1-9]\\d{0,4}")) {
        throw options.refuse();
      }
      int colon = text.lastIndexOf(':');
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port > 65_535) {
        throw options.refuse();
      }
      return new Target(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** The maximum time from Ctrl-C to the end of the program. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(12);

  private TcpProxy() {}

  public static void main(String[] args) throws IOException {
    Options options = Options.parse("tcp-proxy [--port PORT] HOST:PORT", args);
    Target target = Target.parse(options);
    Server server =
        Server.with()
            .maxConnections(MAX_CONNECTIONS)
            .grace(GRACE)
            .stopAtExit(EXIT_LIMIT)
            .listen(options.port(), client -> passOn(client, target));
    System.out.println("listening on " + server.port());
  }

  private static void passOn(AsyncSocket client, Target target) throws IOException {
    try (AsyncSocket server = AsyncSocket.connect(target.host, target.port, CONNECT_LIMIT)) {
      join(client, server);
    } catch (IOException unreachable) {
      System.err.println(client + ": cannot reach " + target + ": " + unreachable.getMessage());
    }
  }

  private static void join(AsyncSocket client, AsyncSocket server) throws IOException {
    boolean complete = false;
    try {
      client.setOption(
          StandardSocketOptions.SO_KEEPALIVE, true); // detects a peer that has vanished
      server.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      TaskScope.all(List.of(() -> copy(client, server), () -> copy(server, client)));
      complete = true;
    } catch (TaskFailedException broken) {
      System.err.println(client + ": " + broken.getCause());
    } finally {
      if (!complete) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0); // close() resets the connection
        server.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    }
  }

  /** Copies all bytes and forwards the end; returns the number of bytes. */
  private static long copy(AsyncSocket from, AsyncSocket to) throws IOException {
    long copied = 0;
    while (true) {
      from.readable().await(); // an idle connection holds no buffer
      ByteBuffer buffer =
          BUFFERS.isEmpty() ? ByteBuffer.allocateDirect(BUFFER_BYTES) : BUFFERS.pop();
      try {
        if (from.read(buffer) < 0) {
          to.shutdownOutput();
          return copied;
        }
        copied += buffer.flip().remaining();
        to.writeAll(buffer);
      } finally {
        BUFFERS.push(buffer.clear());
      }
    }
  }
}
