package dev.goasync.testkit;

import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Two Unix sockets that are connected. */
public record SocketPair(AsyncUnixSocket here, AsyncUnixSocket there) implements AutoCloseable {
  /** Makes one by a file in {@code dir}, which is gone when this returns. */
  public static SocketPair in(Path dir) throws IOException {
    return at(UnixDomainSocketAddress.of(dir.resolve("pair")));
  }

  /** Makes one by an address, which is free again when this returns. */
  public static SocketPair at(SocketAddress address) throws IOException {
    try (var listener = AsyncUnixServerSocket.listen(address)) {
      AsyncUnixSocket here = AsyncUnixSocket.connect(address);
      try {
        return new SocketPair(here, listener.accept());
      } catch (IOException failed) {
        here.close();
        throw failed;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (here) {
      there.close();
    }
  }
}
