package dev.goasync.bridge;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** The JDK's socket, with its checks and its state, over a connection of the backend. */
final class LoopSocket extends Socket {
  private final StreamEndpoint endpoint;

  LoopSocket() throws SocketException {
    this(new StreamEndpoint());
  }

  private LoopSocket(StreamEndpoint endpoint) throws SocketException {
    super(endpoint);
    this.endpoint = endpoint;
    endpoint.setOwner(this);
  }

  /** A connected socket whose bytes are those of {@code stream}. */
  static LoopSocket view(ByteStream stream) {
    try {
      LoopSocket socket = new LoopSocket(new ViewEndpoint(stream));
      socket.connect(new InetSocketAddress(0)); // the address is not used
      return socket;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** {@link #isClosed} is true before waiting operations end. */
  @Override
  public void close() throws IOException {
    super.close();
    endpoint.closeHandle();
  }
}
