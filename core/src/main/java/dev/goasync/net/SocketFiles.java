package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that name Unix sockets. */
final class SocketFiles {
  private SocketFiles() {}

  /**
   * Closes a bound socket and removes its file, which would keep another socket from binding there.
   *
   * @param local the address of the socket; null if it was closed before
   */
  static void closeAndRemove(Closeable socket, @Nullable SocketAddress local) throws IOException {
    try (socket) {
      if (local instanceof UnixDomainSocketAddress address) {
        Path file = address.getPath();
        if (!file.toString().isEmpty()) {
          Backends.platform().removeSocketFile(file);
        }
      }
    }
  }
}
