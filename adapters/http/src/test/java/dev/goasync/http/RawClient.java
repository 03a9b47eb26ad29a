package dev.goasync.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** A client that sends bytes as they are, by the JDK's blocking socket. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  final Socket socket;
  private final InputStream input;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    input = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request and returns everything up to the end of the connection. */
  static String exchange(int port, String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.send(request);
      return client.readToEnd();
    }
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  String readToEnd() throws IOException {
    return new String(input.readAllBytes(), ISO_8859_1);
  }

  /** Reads one head and a body of its Content-Length. */
  String readResponse() throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = input.read();
      if (next < 0) {
        throw new EOFException("the connection ended after: " + text);
      }
      text.append((char) next);
    }
    int at = text.toString().toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (at >= 0) {
      int start = at + "content-length: ".length();
      int length = Integer.parseInt(text.substring(start, text.indexOf("\r\n", start)));
      text.append(new String(input.readNBytes(length), ISO_8859_1));
    }
    return text.toString();
  }

  /** Reads a line of the response without its end. */
  String readLine() throws IOException {
    var text = new StringBuilder();
    for (int next; (next = input.read()) != '\n'; ) {
      if (next < 0) {
        throw new EOFException("the connection ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
