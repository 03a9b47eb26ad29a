package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.io.ByteWriter;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * An HTTP/1.1 server that answers "Hello, World!", with keep-alive and pipelining, on one or more
 * loops. Usage: {@code http-hello [--port PORT] [--loops LOOPS]}
 */
public final class HttpHello {
  /** The maximum size of a request head; the response to a longer one is 431. */
  private static final int MAX_HEAD_BYTES = 8 * 1024;

  /**
   * The size of the first buffer, enough for most heads. An idle connection keeps no larger buffer.
   */
  private static final int INITIAL_HEAD_BYTES = 512;

  private static final byte[] HELLO =
      response("200 OK", "Content-Type: text/plain\r\n", "Hello, World!");
  private static final byte[] BAD_REQUEST =
      response("400 Bad Request", "Connection: close\r\n", "Bad request\n");
  private static final byte[] TOO_LARGE =
      response("431 Request Header Fields Too Large", "Connection: close\r\n", "Too large\n");

  private HttpHello() {}

  /**
   * Starts one server socket on each loop, all on the same port; the kernel distributes
   * connections.
   */
  public static void main(String[] args) {
    Cli.run("http-hello [--bind ADDRESS] [--port PORT] [--loops LOOPS]", args, HttpHello::listen);
  }

  private static void listen(Options options) throws IOException {
    int loops = options.number("--loops", 1);
    if (loops < 1) {
      throw options.refuse("--loops must be positive");
    }
    boolean sharePort = loops > 1;
    InetSocketAddress address = options.address();
    for (EventLoop loop : EventLoopGroup.start(loops).loops()) {
      AsyncServerSocket server =
          AsyncServerSocket.listen(address, AsyncServerSocket.DEFAULT_BACKLOG, sharePort);
      address = server.localAddress();
      loop.goAsync(() -> acceptAll(server));
    }
    System.out.println("listening on " + address.getPort());
  }

  private static void acceptAll(AsyncServerSocket server) throws IOException {
    while (true) {
      AsyncSocket client = server.accept();
      goAsync(() -> serve(client));
    }
  }

  private static byte[] response(String status, String headers, String body) {
    String text =
        "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n";
    return (text + body).getBytes(US_ASCII);
  }

  private static void serve(AsyncSocket client) throws IOException {
    try (client) {
      new Connection(client).run();
    } catch (IOException connectionLost) {
      // the client has reset its connection; the server continues
    }
  }

  /**
   * Answers one client's requests in order. Responses are flushed when the received requests end.
   */
  private static final class Connection {
    private final AsyncSocket client;
    private final ByteWriter out;
    private ByteBuffer in = ByteBuffer.allocate(INITIAL_HEAD_BYTES);
    private boolean open = true;

    Connection(AsyncSocket client) {
      this.client = client;
      this.out = client.writer();
    }

    void run() throws IOException {
      while (open && client.read(in) >= 0) {
        in.flip();
        answerAll();
        in.compact();
        if (open && !in.hasRemaining()) {
          makeRoom();
        }
      }
    }

    private void makeRoom() throws IOException {
      if (in.capacity() == MAX_HEAD_BYTES) {
        out.writeAll(TOO_LARGE);
        open = false;
      } else {
        in = ByteBuffer.allocate(MAX_HEAD_BYTES).put(in.flip());
      }
    }

    private void answerAll() throws IOException {
      int start = in.position();
      for (int end = endOfHead(start); open && end >= 0; end = endOfHead(start)) {
        if (isRequest(start)) {
          open = !asksToClose(start, end);
          out.writeAll(HELLO);
        } else {
          open = false;
          out.writeAll(BAD_REQUEST);
        }
        start = end;
      }
      in.position(start);
    }

    /**
     * Returns the position after the empty line of the head that begins at {@code start}; -1 if the
     * head is incomplete.
     */
    private int endOfHead(int start) {
      for (int i = start + 3; i < in.limit(); i++) {
        if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    /** Returns whether the first line consists of a method, a target and a version. */
    private boolean isRequest(int start) {
      int spaces = 0;
      int i = start;
      for (; in.get(i) != '\r'; i++) {
        if (in.get(i) == ' ') {
          spaces++;
        } else if (in.get(i) < ' ') {
          return false;
        }
      }
      return spaces == 2 && i - start > 12 && startsWith(i - 8, "HTTP/1.");
    }

    private boolean startsWith(int at, String text) {
      for (int i = 0; i < text.length(); i++) {
        if (in.get(at + i) != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private boolean asksToClose(int start, int end) {
      for (int i = start; i < end - 19; i++) {
        if (in.get(i) == '\n' && startsWithIgnoringCase(i + 1, "connection: close")) {
          return true;
        }
      }
      return false;
    }

    private boolean startsWithIgnoringCase(int at, String lowerCase) {
      for (int i = 0; i < lowerCase.length(); i++) {
        if (Character.toLowerCase((char) in.get(at + i)) != lowerCase.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
