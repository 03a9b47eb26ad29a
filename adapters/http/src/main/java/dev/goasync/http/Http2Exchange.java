package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.jspecify.annotations.Nullable;

/** A request and its response on a stream of HTTP/2. Owned by the loop. */
final class Http2Exchange extends HttpExchange {
  private final Http2Stream stream;
  private @Nullable Output output;

  Http2Exchange(Http2Stream stream, RequestHead head) {
    super(head);
    this.stream = stream;
  }

  @Override
  public InputStream body() {
    return stream.body();
  }

  private static HttpResponse response(int status, List<Header> fields) {
    var response = new BasicHttpResponse(status);
    response.addHeader(HttpDates.nowHeader());
    for (Header each : fields) {
      response.addHeader(each);
    }
    return response;
  }

  @Override
  void sendWhole(int status, List<Header> responseFields, byte[] bytes) throws IOException {
    HttpResponse response = response(status, responseFields);
    if (allowsBody(status)) {
      response.addHeader("content-length", Integer.toString(bytes.length));
    }
    if (bytes.length == 0 || head.isHead()) {
      stream.sendHead(response);
    } else {
      stream.sendWhole(response, bytes);
    }
  }

  @Override
  OutputStream sendHead(int status, List<Header> responseFields, long length) throws IOException {
    HttpResponse response = response(status, responseFields);
    if (length >= 0 && allowsBody(status)) {
      response.addHeader("content-length", Long.toString(length));
    }
    boolean dropped = head.isHead() || length == 0;
    if (dropped) {
      stream.sendHead(response);
    } else {
      stream.sendHeadOfBody(response);
    }
    var made = new Output(stream.output(), length, dropped);
    output = made;
    return made;
  }

  @Override
  WebSocket upgrade(String accept) throws IOException {
    throw new StatusException(505, "a WebSocket needs a connection of HTTP/1.1");
  }

  /** Ends the response, if its body is open. */
  void finish() throws IOException {
    if (!isStarted()) {
      respond(204);
    }
    Output last = output;
    if (last != null) {
      last.close();
    }
  }

  /** The body of a response that is written in parts. Small parts are gathered. */
  private static final class Output extends OutputStream {
    private static final int GATHERED_BYTES = 4 * 1024;

    private final Http2Output stream;
    private final boolean dropped;
    private byte @Nullable [] gathered;
    private int count;
    private long left;
    private boolean closed;

    Output(Http2Output stream, long length, boolean dropped) {
      this.stream = stream;
      this.left = length;
      this.dropped = dropped;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (closed) {
        throw new StreamClosedException();
      }
      if (dropped) {
        return;
      }
      if (left >= 0 && length > left) {
        throw new IOException(
            "the handler writes more than the announced length, by " + (length - left) + " bytes");
      }
      left -= left >= 0 ? length : 0;
      byte[] buffer = gathered;
      if (length > GATHERED_BYTES - count) {
        flush();
      }
      if (length >= GATHERED_BYTES) {
        stream.write(ByteBuffer.wrap(bytes, offset, length));
        return;
      }
      if (buffer == null) {
        buffer = new byte[GATHERED_BYTES];
        gathered = buffer;
      }
      System.arraycopy(bytes, offset, buffer, count, length);
      count += length;
    }

    @Override
    public void flush() throws IOException {
      byte[] buffer = gathered;
      if (buffer != null && count > 0) {
        int length = count;
        count = 0;
        stream.write(ByteBuffer.wrap(buffer, 0, length));
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      if (left > 0 && !dropped) {
        throw new IOException("the handler wrote " + left + " bytes less than it had announced");
      }
      if (!dropped) {
        flush();
        stream.end();
      }
    }
  }
}
