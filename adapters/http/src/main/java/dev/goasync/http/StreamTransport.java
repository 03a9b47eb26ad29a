package dev.goasync.http;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The transport of a WebSocket over a connection of HTTP/1.1. */
record StreamTransport(ByteStream stream, StrictLines lines, StreamInput input, StreamOutput output)
    implements WebSocketTransport {
  @Override
  public int read(byte[] target) throws IOException {
    return lines.length() > 0
        ? lines.read(target, 0, target.length, input)
        : stream.read(ByteBuffer.wrap(target));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    output.waiting(() -> stream.writeAll(bytes));
  }

  @Override
  public void close() throws IOException {
    Linger.close(stream, Settings.LINGER);
  }

  @Override
  public void abort() throws IOException {
    stream.close();
  }

  @Override
  public String toString() {
    return stream.toString();
  }
}
