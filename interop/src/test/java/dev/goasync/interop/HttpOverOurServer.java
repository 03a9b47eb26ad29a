package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.EventLoop;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.sync.Barrier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An HTTP/1.1 server on sockets of the library, on the loop of its clients. It answers requests for
 * {@code /together} only after {@link OneLoop#MANY} of them have arrived, which proves that they
 * are open at once.
 */
final class HttpOverOurServer implements AutoCloseable {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int MAX_LINE_BYTES = 10_000;

  private final Server server;
  private final Barrier together;

  HttpOverOurServer(EventLoop loop) throws IOException {
    together = new Barrier(loop, OneLoop.MANY);
    server = Server.with().on(loop).listen(LOOPBACK, this::serve);
  }

  private void serve(AsyncSocket connection) throws IOException {
    for (String request; (request = connection.readLine(MAX_LINE_BYTES)) != null; ) {
      int length = readHeaders(connection);
      byte[] body = connection.readExactly(length);
      if (request.contains("/together")) {
        together.await();
      }
      byte[] answer = body.length > 0 ? body : request.getBytes(UTF_8);
      connection.writeAll("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length + "\r\n\r\n");
      connection.writeAll(answer);
    }
  }

  private static int readHeaders(ByteStream connection) throws IOException {
    int length = 0;
    for (String line; (line = connection.readLine(MAX_LINE_BYTES)) != null && !line.isEmpty(); ) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return length;
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  @Override
  public void close() throws IOException {
    server.closeNow();
  }
}
