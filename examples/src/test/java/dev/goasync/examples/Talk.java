package dev.goasync.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Talking to a server byte by byte; a letter is a byte. */
final class Talk {
  private static final int PATIENCE_MILLIS = 100_000;

  private Talk() {}

  /** A connection whose reads fail at last, rather than wait for ever. */
  static Socket open(int port) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Sends the pieces, each in a segment of its own, and reads to the end. */
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

  /** Reads exactly so many bytes, or to the end. */
  static String read(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
  }

  /** Reads up to and including a text. */
  static String readThrough(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new SocketException("the end came after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Connects so often, and keeps the connections. */
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

  /** Goes away without a word, and with bytes still to come. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Returns when connections are no longer taken. */
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

  /** For loops that wait: fails when the test's time is over, which JUnit tells by an interrupt. */
  static void checkTime() {
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("it did not come in time");
    }
  }
}
