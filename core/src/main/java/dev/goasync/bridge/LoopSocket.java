package dev.goasync.bridge;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** The JDK's socket, with its checks and its state, over an end of ours. */
final class LoopSocket extends Socket {
  private final StreamEndpoint end;

  LoopSocket() throws SocketException {
    this(new StreamEndpoint());
  }

  private LoopSocket(StreamEndpoint end) throws SocketException {
    super(end);
    this.end = end;
    end.setOwner(this);
  }

  /** The socket is closed for whoever asks before anybody hears of it. */
  @Override
  public void close() throws IOException {
    super.close();
    end.closeHandle();
  }
}
