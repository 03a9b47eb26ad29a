package dev.goasync.inspector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sends requests byte by byte as a test wants them, by a socket of the JDK. */
final class HttpClientOfTest {
  /** A response as text. */
  record Response(String head, String body) {
    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** The values of a header. */
    List<String> headers(String name) {
      return Arrays.stream(head.split("\r\n"))
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  private final int port;
  private final String token;

  HttpClientOfTest(URI url) {
    this.port = url.getPort();
    this.token = url.getQuery().replace("token=", "");
  }

  String token() {
    return token;
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /** A GET with the token and these further header lines. */
  Response get(String path, String... headers) throws IOException {
    return send(head("GET " + path + "?token=" + token, "127.0.0.1:" + port, headers));
  }

  /** The head of a request. */
  static String head(String methodAndTarget, String host, String... headers) {
    StringBuilder text = new StringBuilder(methodAndTarget).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(host).append("\r\n");
    Arrays.stream(headers).forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString();
  }

  /** Sends a text and reads until the server closes the connection. */
  Response send(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = all.indexOf("\r\n\r\n");
      return new Response(all.substring(0, end), all.substring(end + 4));
    }
  }

  /** The first event of the stream, without its prefix. */
  String firstEvent() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(head("GET /events?token=" + token, host()).getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = "";
      while (line != null && !line.startsWith("data: ")) {
        line = lines.readLine();
      }
      return String.valueOf(line).substring("data: ".length());
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }
}
