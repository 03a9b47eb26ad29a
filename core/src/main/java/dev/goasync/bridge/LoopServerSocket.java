package dev.goasync.bridge;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** The JDK's server socket, with its checks and its state, over a listener of the backend. */
final class LoopServerSocket extends ServerSocket {
  private final ListenerEndpoint endpoint;

  LoopServerSocket() {
    this(new ListenerEndpoint());
  }

  private LoopServerSocket(ListenerEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public Socket accept() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (!isBound()) {
      throw new SocketException("Socket is not bound yet");
    }
    LoopSocket accepted = new LoopSocket();
    implAccept(accepted);
    return accepted;
  }

  /** {@link #isClosed} is true before a waiting accept ends. */
  @Override
  public void close() throws IOException {
    super.close();
    endpoint.closeHandle();
  }
}
