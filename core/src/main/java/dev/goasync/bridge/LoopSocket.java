package dev.goasync.bridge;

import java.io.IOException;
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

  /** {@link #isClosed} is true before waiting operations end. */
  @Override
  public void close() throws IOException {
    super.close();
    endpoint.closeHandle();
  }
}
