package dev.goasync.http;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Closes a connection whose client may still be sending, so that it can read the last response: a
 * close with unread input resets the connection.
 */
final class Linger {
  private static final int DROPPED_BYTES = 4096;

  private Linger() {}

  static void close(ByteStream stream, Duration timeout) throws IOException {
    try (stream) {
      GoAsync.withTimeout(
          timeout,
          () -> {
            switch (stream) {
              case AsyncSocket socket -> socket.shutdownOutput();
              case AsyncUnixSocket socket -> socket.shutdownOutput();
              case TlsStream tls -> tls.shutdownOutput();
              default -> {
                return;
              }
            }
            ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
            while (stream.read(dropped.clear()) >= 0) {
              // drop it
            }
          });
    } catch (DeadlineExceededException _) {
      // close without the client's end
    }
  }
}
