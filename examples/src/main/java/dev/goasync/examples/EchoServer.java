package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends back the bytes it receives over TCP. Usage: {@code echo-server [--port PORT]} */
public final class EchoServer {
  private static final int BUFFER_BYTES = 16 * 1024;

  private EchoServer() {}

  public static void main(String[] args) {
    Cli.run("echo-server [--bind ADDRESS] [--port PORT]", args, EchoServer::listen);
  }

  private static void listen(Options options) throws IOException {
    AsyncServerSocket server = AsyncServerSocket.listen(options.address());
    System.out.println("listening on " + server.localAddress().getPort());
    goAsync(() -> {
      while (true) {
        AsyncSocket client = server.accept();
        goAsync(() -> echo(client));
      }
    });
  }

  private static void echo(AsyncSocket client) throws IOException {
    try (client) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      while (client.read(buffer.clear()) >= 0) {
        client.writeAll(buffer.flip());
      }
    } catch (IOException connectionLost) {
      System.err.println(client + ": " + connectionLost.getMessage());
    }
  }
}
