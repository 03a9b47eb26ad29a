package dev.goasync.bench.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that send as many requests as asked for. */
class ClientsTest {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, World!".getBytes(US_ASCII);

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private int maxRequests = Integer.MAX_VALUE;
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> {
      while (!server.isClosed()) {
        acceptOne();
      }
    });
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void acceptOne() {
    try {
      Socket client = server.accept();
      connections.incrementAndGet();
      Thread.startVirtualThread(() -> serve(client));
    } catch (IOException closed) {
      // closed at the end of the test
    }
  }

  private void serve(Socket client) {
    try (client) {
      var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      boolean isLast = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        isLast |= line.equals("Connection: close");
        if (line.isEmpty() && requests.incrementAndGet() <= maxRequests) {
          client.getOutputStream().write(ANSWER, 0, 20); // an answer may come in pieces
          client.getOutputStream().write(ANSWER, 20, ANSWER.length - 20);
        }
        if (line.isEmpty() && (isLast || requests.get() > maxRequests)) {
          return;
        }
      }
    } catch (IOException gone) {
      // closed at the end of the test
    }
  }

  @Test
  void requestsAreRepeatedOnTheSameConnections() throws IOException {
    try (Clients clients = new Clients(server.getLocalPort())) {
      clients.connect(3);
      clients.ask(5);
    }

    assertThat(connections).hasValue(3);
    assertThat(requests).hasValue(3 + 3 * 5);
  }

  @Test
  void oneRequestOnAConnectionThatTheServerCloses() throws IOException {
    Clients.askOnce(server.getLocalPort());
    Clients.askOnce(server.getLocalPort());

    assertThat(connections).hasValue(2);
    assertThat(requests).hasValue(2);
  }

  @Test
  void aCloseWithoutAResponseIsAnError() {
    maxRequests = 0;

    assertThatThrownBy(() -> Clients.askOnce(server.getLocalPort()))
        .isInstanceOf(EOFException.class)
        .hasMessage("the server closed a connection without a response");
  }

  @Test
  void aCloseByTheServerIsAnError() throws IOException {
    maxRequests = 3;
    try (Clients clients = new Clients(server.getLocalPort())) {
      clients.connect(2);

      assertThatThrownBy(() -> clients.ask(1))
          .isInstanceOf(EOFException.class)
          .hasMessage("the server closed one of 2 connections");
    }
  }
}
