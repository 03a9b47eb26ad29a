package dev.goasync.examples;

import dev.goasync.TaskFailedException;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forwards TCP connections to another server, both directions at once. Usage: {@code tcp-proxy
 * [--port PORT] HOST:PORT}
 *
 * <p>The end of one direction is forwarded while the opposite direction continues. If one side
 * fails, both sides are reset, so that neither peer takes a part of the data for all of it. On
 * Ctrl-C the proxy stops accepting, and open connections get some seconds to end.
 */
public final class TcpProxy {
  private static final int MAX_CONNECTIONS = 1_000;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The maximum number of bytes that one direction buffers if its reader is slow. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The size up to which messages are copied one by one. */
  private static final int MESSAGE_BYTES = 4 * 1024;

  /** Unused buffers. One loop serves all connections, so no lock is needed. */
  private static final ArrayDeque<ByteBuffer> BUFFERS = new ArrayDeque<>();

  /** The server that connections are forwarded to; its name is resolved for each connection. */
  private record Target(String host, int port) {
    static Target parse(Options options) {
      String text = String.valueOf(options.operand());
      if (!text.matches("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+):[1-9]\\d{0,4}")) {
        throw options.refuse("HOST:PORT such as example.org:80");
      }
      int colon = text.lastIndexOf(':');
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port > 65_535) {
        throw options.refuse("HOST:PORT such as example.org:80");
      }
      return new Target(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** The maximum time from Ctrl-C to the end of the program. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(12);

  private TcpProxy() {}

  public static void main(String[] args) {
    Cli.run("tcp-proxy [--bind ADDRESS] [--port PORT] HOST:PORT", args, TcpProxy::listen);
  }

  private static void listen(Options options) throws IOException {
    Target target = Target.parse(options);
    Server server =
        Server.with()
            .maxConnections(MAX_CONNECTIONS)
            .grace(GRACE)
            .stopAtExit(EXIT_TIMEOUT)
            .listen(options.address(), client -> forward(client, target));
    System.out.println("listening on " + server.port());
  }

  private static void forward(AsyncSocket client, Target target) throws IOException {
    try (AsyncSocket server = AsyncSocket.connect(target.host, target.port, CONNECT_TIMEOUT)) {
      join(client, server);
    } catch (IOException unreachable) {
      System.err.println(client + ": cannot reach " + target + ": " + unreachable.getMessage());
    }
  }

  private static void join(AsyncSocket client, AsyncSocket server) throws IOException {
    boolean complete = false;
    try {
      client.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // detects peers that vanish
      server.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      Pair pair = new Pair();
      TaskScope.all(
          List.of(() -> pair.forward(client, server), () -> pair.forward(server, client)));
      complete = true;
    } catch (TaskFailedException broken) {
      System.err.println(client + ": " + broken.getCause());
    } finally {
      if (!complete) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0); // makes close() send a reset
        server.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    }
  }

  /** The two directions of one forwarded connection. */
  private static final class Pair {
    private int openDirections = 2;

    /**
     * Copies to the end of the input and ends the output. While the opposite direction continues,
     * no read notices a reset of {@code from}, so this method waits for it.
     */
    @Nullable Void forward(AsyncSocket from, AsyncSocket to) throws IOException {
      copy(from, to);
      openDirections--;
      to.shutdownOutput();
      try {
        if (openDirections > 0) {
          from.hangUp().await();
        }
      } catch (UnsupportedOperationException unknownToTheBackend) {
        return null; // the next write fails
      }
      if (openDirections > 0) {
        throw new SocketException("Connection reset by peer: " + from);
      }
      return null;
    }
  }

  /**
   * Copies to the end of the input. Small messages go through a buffer of their own, which a
   * connection may hold while it is idle.
   */
  private static void copy(AsyncSocket from, AsyncSocket to) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);
    while (from.read(message) >= 0) {
      boolean full = !message.hasRemaining();
      to.writeAll(message.flip());
      message.clear();
      if (full) {
        copyBulk(from, to);
      }
    }
  }

  /** Copies until a read returns few bytes. An idle connection holds none of the large buffers. */
  private static void copyBulk(AsyncSocket from, AsyncSocket to) throws IOException {
    int count;
    do {
      from.readable().await();
      ByteBuffer buffer =
          BUFFERS.isEmpty() ? ByteBuffer.allocateDirect(BUFFER_BYTES) : BUFFERS.pop();
      try {
        count = from.read(buffer);
        to.writeAll(buffer.flip());
      } finally {
        BUFFERS.push(buffer.clear());
      }
    } while (count >= MESSAGE_BYTES);
  }
}
