package dev.goasync.bridge;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** The JDK's server socket, with its checks and its state, over a listener of ours. */
final class LoopServerSocket extends ServerSocket {
  private final ListenerEndpoint end;

  LoopServerSocket() {
    this(new ListenerEndpoint());
  }

  private LoopServerSocket(ListenerEndpoint end) {
    super(end);
    this.end = end;
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

  /** The socket is closed for whoever asks before anybody hears of it. */
  @Override
  public void close() throws IOException {
    super.close();
    end.closeHandle();
  }
}
