package dev.goasync.http;

import dev.goasync.io.ByteStream;
import dev.goasync.io.Selectable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.jspecify.annotations.Nullable;

/** A client's connection of HTTP/1.1, for one request at a time. */
final class Http1ClientConnection {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MAX_INFORMATION = 16;
  private static final int KEY_BYTES = 16;
  private static final int CHUNK_BYTES = 16 * 1024;

  private final Origin origin;
  private final ByteStream stream;
  private final StreamInput input;
  private final StreamOutput output;
  private final StrictLines lines;
  private final HeadParser parser = new HeadParser();

  Http1ClientConnection(Origin origin, ByteStream stream) {
    this.origin = origin;
    this.stream = stream;
    this.input = new StreamInput(stream);
    this.output = new StreamOutput(stream);
    this.lines = new StrictLines(input, MAX_HEAD_BYTES);
  }

  Origin origin() {
    return origin;
  }

  /** Whether the server has neither closed the connection nor sent what was not asked for. */
  boolean isUsable() throws IOException {
    if (lines.length() > 0 || !stream.isOpen()) {
      return false;
    }
    return !(stream instanceof Selectable socket) || !socket.readable().isReady();
  }

  void close() throws IOException {
    stream.close();
  }

  /**
   * Sends a request and reads the head of the response.
   *
   * @param idle gets the connection when the response has been read, if it can be used again
   */
  HttpResponse send(HttpRequest request, IdleConnections idle) throws IOException {
    boolean complete = false;
    long before = input.total();
    try {
      writeRequest(request);
      HttpResponse response = readResponse(request, idle);
      complete = true;
      return response;
    } catch (StatusException malformed) {
      throw malformed(malformed);
    } catch (IOException failed) {
      throw before > 0 && input.total() == before
          ? new StaleConnectionException(stream.toString(), failed)
          : failed;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private ProtocolException malformed(Exception cause) {
    var malformed =
        new ProtocolException(stream + ": the response is malformed: " + cause.getMessage());
    malformed.initCause(cause);
    return malformed;
  }

  // ---- the request ----

  private void writeRequest(HttpRequest request) throws IOException {
    var head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(origin.authority()).append("\r\n");
    for (Header each : request.fields()) {
      head.append(each.getName()).append(": ").append(each.getValue()).append("\r\n");
    }
    if (request.stream() != null) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (request.hasBody()
        || request.method().equals("POST")
        || request.method().equals("PUT")) {
      head.append("Content-Length: ").append(Math.max(0, request.length())).append("\r\n");
    }
    byte[] encoded = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    output.write(encoded, 0, encoded.length);
    writeBody(request);
    output.flushNow();
  }

  private void writeBody(HttpRequest request) throws IOException {
    byte[] bytes = request.bytes();
    InputStream source = request.stream();
    if (bytes != null) {
      output.write(bytes, 0, bytes.length);
    } else if (source != null) {
      try (OutputStream chunks = Http1ResponseBody.of(output, -1, true, false)) {
        byte[] buffer = new byte[CHUNK_BYTES];
        for (int count; (count = source.read(buffer)) >= 0; ) {
          chunks.write(buffer, 0, count);
        }
      }
    }
  }

  // ---- WebSocket ----

  /** Switches a new connection to WebSocket. */
  WebSocket upgrade(HttpRequest request) throws IOException {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String key = Base64.getEncoder().encodeToString(random);
    String head =
        "GET "
            + request.target()
            + " HTTP/1.1\r\nHost: "
            + origin.authority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: "
            + key
            + "\r\n\r\n";
    byte[] encoded = head.getBytes(StandardCharsets.ISO_8859_1);
    output.write(encoded, 0, encoded.length);
    output.flushNow();
    MessageHead message = readHead();
    Headers headers = new Headers(message.getHeaders());
    int status = StatusCode.parse(message.startLine()).status();
    if (status != 101
        || !headers.hasElement("Upgrade", "websocket")
        || !headers.hasElement("Connection", "upgrade")
        || !WebSocketHandshake.accept(key).equals(headers.first("Sec-WebSocket-Accept"))
        || headers.contains("Sec-WebSocket-Extensions")) {
      throw new ProtocolException(
          stream + ": the server does not open a WebSocket: " + message.startLine());
    }
    return new WebSocket(new StreamTransport(stream, lines, input, output), false);
  }

  // ---- the response ----

  private HttpResponse readResponse(HttpRequest request, IdleConnections idle) throws IOException {
    for (int i = 0; i < MAX_INFORMATION; i++) {
      MessageHead message = readHead();
      StatusCode line = StatusCode.parse(message.startLine());
      if (line.status() >= 200) {
        return response(request, idle, line, new Headers(message.getHeaders()));
      }
      if (line.status() == 101) {
        throw new ProtocolException(stream + ": the server switches protocols without being asked");
      }
    }
    throw new ProtocolException(stream + ": the server sends no final response");
  }

  private MessageHead readHead() throws IOException {
    lines.beginHead();
    try {
      MessageHead message = parser.parse(lines, input);
      if (message == null) {
        throw new ConnectionClosedException("the server closed the connection without a response");
      }
      return message;
    } catch (HttpException malformed) {
      throw malformed(malformed);
    }
  }

  private HttpResponse response(
      HttpRequest request, IdleConnections idle, StatusCode line, Headers headers)
      throws IOException {
    boolean empty = request.method().equals("HEAD") || !HttpExchange.allowsBody(line.status());
    ResponseFraming framing = ResponseFraming.of(headers, empty);
    boolean keeps =
        !framing.untilClose()
            && (line.isOld()
                ? headers.hasElement("Connection", "keep-alive")
                : !headers.hasElement("Connection", "close"));
    var body = new RequestBody(decoder(framing), framing.length(), Long.MAX_VALUE, () -> {});
    var stay = new ClientBody(this, body, keeps ? idle : null);
    stay.releaseIfComplete();
    return new HttpResponse(
        line.status(), line.isOld() ? "HTTP/1.0" : "HTTP/1.1", headers, stay, stay::close);
  }

  private InputStream decoder(ResponseFraming framing) {
    if (framing.untilClose()) {
      return new IdentityInputStream(lines, input);
    }
    if (framing.length() < 0) {
      return new ChunkedInputStream(new ChunkLines(lines), input, HeadParser.CONFIG);
    }
    return framing.length() == 0
        ? InputStream.nullInputStream()
        : new ContentLengthInputStream(lines, input, framing.length());
  }

  /**
   * The body of the last response. A close reads what is left of a short one; one of unknown length
   * may come slowly and never end, so its connection ends.
   */
  static final class ClientBody extends InputStream {
    private static final int MAX_DISCARDED_BYTES = 64 * 1024;

    private final Http1ClientConnection connection;
    private final RequestBody body;
    private final @Nullable IdleConnections idle;
    private boolean released;

    /**
     * Creates a body.
     *
     * @param idle null if the connection ends after the body
     */
    ClientBody(Http1ClientConnection connection, RequestBody body, @Nullable IdleConnections idle) {
      this.connection = connection;
      this.body = body;
      this.idle = idle;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (released && !body.isComplete()) {
        throw new IOException("the response is closed");
      }
      try {
        int count = body.read(target, offset, length);
        releaseIfComplete();
        return count;
      } catch (StatusException malformed) {
        throw connection.malformed(malformed);
      }
    }

    void releaseIfComplete() throws IOException {
      if (body.isComplete() && !released) {
        released = true;
        IdleConnections pool = idle;
        if (pool == null) {
          connection.close();
        } else {
          pool.keep(connection);
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (released) {
        return;
      }
      boolean complete = false;
      try {
        complete =
            idle != null
                && body.left() > 0
                && body.left() <= MAX_DISCARDED_BYTES
                && body.discard(MAX_DISCARDED_BYTES);
      } catch (IOException failed) {
        // the connection is closed below
      } finally {
        if (!complete) {
          released = true;
          connection.close();
        }
      }
      releaseIfComplete();
    }
  }
}
