package dev.goasync.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** A client that exchanges bytes with a server. Each character of a string is one byte. */
final class Talk {
  private static final int TIMEOUT_MILLIS = 100_000;

  private Talk() {}

  /** Connects to a local port. Reads of the socket have a timeout. */
  static Socket open(int port) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /** Sends each piece in a TCP segment of its own, and reads to the end. */
  static String toEnd(int port, String... pieces) throws IOException {
    try (var socket = open(port)) {
      socket.setTcpNoDelay(true);
      send(socket, pieces);
      return rest(socket);
    }
  }

  static void send(Socket socket, String... pieces) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (String piece : pieces) {
      out.write(piece.getBytes(ISO_8859_1));
    }
  }

  static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** Reads {@code count} bytes, or to the end. */
  static String read(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
  }

  /** Reads up to and including the text {@code end}. */
  static String readThrough(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new SocketException("the stream ended after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Opens {@code count} connections. */
  static List<Socket> connect(int port, int count) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(open(port));
    }
    return sockets;
  }

  static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Closes the connection with a reset. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Returns when the server refuses connections. */
  static void awaitRefusal(int port) throws IOException {
    while (true) {
      try (var late = open(port)) {
        late.setSoLinger(true, 0);
        checkTime();
      } catch (ConnectException refused) {
        return;
      }
    }
  }

  /** Fails in a polling loop when the test's timeout expired, for which JUnit interrupts it. */
  static void checkTime() {
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("the test's timeout expired");
    }
  }
}
