package dev.goasync.testkit;

import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import java.io.IOException;
import java.nio.file.Path;

/** Two Unix sockets that are connected. */
public record SocketPair(AsyncUnixSocket here, AsyncUnixSocket there) implements AutoCloseable {
  /** Makes one, whose file is gone already. */
  public static SocketPair in(Path dir) throws IOException {
    Path path = dir.resolve("pair");
    try (var listener = AsyncUnixServerSocket.listen(path)) {
      return new SocketPair(AsyncUnixSocket.connect(path), listener.accept());
    }
  }

  @Override
  public void close() throws IOException {
    try (here) {
      there.close();
    }
  }
}
