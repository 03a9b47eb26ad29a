package dev.goasync.bench.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections to a server of suite http that send requests on demand. */
final class Clients implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
  private static final byte LAST_OF_ANSWER = '!';
  private static final int TIMEOUT_MILLIS = 30_000;

  private final int port;
  private final byte[] answer = new byte[1024];
  private final List<Socket> open = new ArrayList<>();

  Clients(int port) {
    this.port = port;
  }

  /** Opens a connection, sends one request with {@code Connection: close}, and reads to the end. */
  static void askOnce(int port) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(TIMEOUT_MILLIS);
      client.getOutputStream().write(LAST_REQUEST);
      byte[] answer = client.getInputStream().readAllBytes();
      if (answer.length == 0 || answer[answer.length - 1] != LAST_OF_ANSWER) {
        throw new EOFException("the server closed a connection without a response");
      }
    }
  }

  /** Opens more connections, and exchanges one request and response on each. */
  void connect(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
      open.add(client);
      client.setTcpNoDelay(true);
      client.setSoTimeout(TIMEOUT_MILLIS);
      send(client);
      receive(client);
    }
  }

  /** Sends a request on all connections and reads all responses, {@code times} times. */
  void ask(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      for (Socket client : open) {
        send(client);
      }
      for (Socket client : open) {
        receive(client);
      }
    }
  }

  private static void send(Socket client) throws IOException {
    client.getOutputStream().write(REQUEST);
  }

  private void receive(Socket client) throws IOException {
    int filled = 0;
    while (filled == 0 || answer[filled - 1] != LAST_OF_ANSWER) {
      int read = client.getInputStream().read(answer, filled, answer.length - filled);
      if (read <= 0) {
        throw new EOFException("the server closed one of " + open.size() + " connections");
      }
      filled += read;
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket client : open) {
      client.close();
    }
  }
}
