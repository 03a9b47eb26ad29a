package dev.goasync.http;

import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncSocket;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** A request and its response on an HTTP/1.1 connection. Owned by the loop. */
final class Http1Exchange extends HttpExchange {
  private final Http1Connection connection;
  private final RequestBody body;
  private @Nullable Http1ResponseBody response;
  private boolean closes;

  /**
   * Creates an exchange.
   *
   * @param closes whether the client wants the connection to end after the response
   */
  Http1Exchange(Http1Connection connection, RequestHead head, RequestBody body, boolean closes) {
    super(head);
    this.connection = connection;
    this.body = body;
    this.closes = closes;
  }

  @Override
  public InputStream body() {
    return body;
  }

  /** Whether the connection ends after the response. */
  boolean closes() {
    return closes;
  }

  private boolean decideClose() {
    closes |=
        connection.isDraining()
            || body.isBroken()
            || (!body.isComplete()
                && ((!body.isStarted() && connection.isExpected())
                    || body.left() > Settings.MAX_DISCARDED_BYTES));
    return closes;
  }

  private ResponseEncoder encodeHead(int status, List<Header> fields) {
    ResponseEncoder encoder = new ResponseEncoder(status, fields);
    if (decideClose()) {
      encoder.field("Connection", "close");
    } else if (head.protocol().equals("HTTP/1.0")) {
      encoder.field("Connection", "keep-alive");
    }
    return encoder;
  }

  @Override
  void sendWhole(int status, List<Header> responseFields, byte[] bytes) throws IOException {
    ResponseEncoder encoder = encodeHead(status, responseFields);
    if (allowsBody(status)) {
      encoder.field("Content-Length", Integer.toString(bytes.length));
    }
    encoder.end();
    if (head.isHead()) {
      encoder.writeTo(connection.output());
    } else {
      encoder.writeTo(connection.output(), bytes);
    }
  }

  @Override
  OutputStream sendHead(int status, List<Header> responseFields, long length) throws IOException {
    boolean chunked = length < 0 && !head.protocol().equals("HTTP/1.0");
    closes |= length < 0 && !chunked; // the end of the connection is the end of the body
    ResponseEncoder encoder = encodeHead(status, responseFields);
    if (chunked) {
      encoder.field("Transfer-Encoding", "chunked");
    } else if (length >= 0 && allowsBody(status)) {
      encoder.field("Content-Length", Long.toString(length));
    }
    encoder.end();
    encoder.writeTo(connection.output());
    var made = Http1ResponseBody.of(connection.output(), length, chunked, head.isHead());
    response = made;
    return made;
  }

  @Override
  void sendFile(int status, AsyncFile file, long position, long count) throws IOException {
    if (!(connection.output().stream() instanceof AsyncSocket socket)
        || head.isHead()
        || count <= Http1ResponseBody.BUFFER_BYTES) {
      super.sendFile(status, file, position, count);
      return;
    }
    OutputStream started = startResponse(status, count);
    StreamOutput output = connection.output();
    output.flushNow();
    output.waiting(() -> {
      long sent = file.transferTo(position, count, socket, _ -> output.progress());
      if (sent < count) {
        throw new EOFException(file + " was truncated while it was being sent");
      }
    });
    ((Http1ResponseBody) started).skip(count);
  }

  @Override
  WebSocket upgrade(String accept) throws IOException {
    return connection.upgrade(this, accept);
  }

  /**
   * Ends the response.
   *
   * @throws IOException if the handler wrote less than it had announced
   */
  void finish() throws IOException {
    if (!isStarted()) {
      respond(204);
    }
    Http1ResponseBody last = response;
    if (last != null) {
      last.close();
    }
  }

  RequestBody requestBody() {
    return body;
  }
}
