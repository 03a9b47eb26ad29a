package dev.goasync.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a connection that has been switched to WebSocket. */
interface WebSocketTransport {
  /** Waits for bytes; returns their number, or -1 at the end. */
  int read(byte[] target) throws IOException;

  /** Writes all bytes. */
  void write(ByteBuffer bytes) throws IOException;

  /** Ends the output, so that the peer reads the last frame, and drops input until its end. */
  void close() throws IOException;

  /** Ends the connection at once. */
  void abort() throws IOException;
}
