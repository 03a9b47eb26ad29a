package dev.goasync.bench.program;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The example http-hello on the JDK's virtual threads with blocking sockets: one thread for each
 * connection, with keep-alive, pipelining and the same parsing of requests.
 */
public final class ThreadHttpServer {
  private static final int MAX_HEAD_BYTES = 8 * 1024;
  private static final byte[] HELLO =
      "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
          .getBytes(US_ASCII);
  private static final byte[] CLOSE = "connection: close".getBytes(US_ASCII);

  private final byte[] in = new byte[MAX_HEAD_BYTES];
  private int filled;

  private ThreadHttpServer() {}

  /** Argument: the port, 0 for any. */
  public static void main(String[] args) throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(Integer.parseInt(args[0])), 1024);
      System.out.println("listening on " + server.getLocalPort());
      while (true) {
        Socket client = server.accept();
        Thread.startVirtualThread(() -> serve(client));
      }
    }
  }

  private static void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      new ThreadHttpServer().run(client.getInputStream(), client.getOutputStream());
    } catch (IOException gone) {
      // the client closed the connection
    }
  }

  private void run(InputStream from, OutputStream to) throws IOException {
    boolean open = true;
    while (open && filled < in.length) {
      int read = from.read(in, filled, in.length - filled);
      if (read < 0) {
        return;
      }
      filled += read;
      int start = 0;
      for (int end = endOfHead(start); open && end >= 0; end = endOfHead(start)) {
        if (!isRequest(start)) {
          return;
        }
        open = !asksToClose(start, end);
        to.write(HELLO);
        start = end;
      }
      System.arraycopy(in, start, in, 0, filled - start);
      filled -= start;
    }
  }

  private int endOfHead(int start) {
    for (int i = start + 3; i < filled; i++) {
      if (in[i] == '\n' && in[i - 1] == '\r' && in[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean isRequest(int start) {
    int spaces = 0;
    int i = start;
    for (; in[i] != '\r'; i++) {
      if (in[i] == ' ') {
        spaces++;
      }
    }
    return spaces == 2 && i - start > 12;
  }

  private boolean asksToClose(int start, int end) {
    for (int i = start; i < end - CLOSE.length - 2; i++) {
      if (in[i] == '\n' && isClose(i + 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean isClose(int at) {
    for (int i = 0; i < CLOSE.length; i++) {
      if (Character.toLowerCase(in[at + i]) != CLOSE[i]) {
        return false;
      }
    }
    return true;
  }
}
