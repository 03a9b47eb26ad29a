package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A socket that takes connections; to accept is its {@linkplain Pollable.Direction#INPUT input}.
 * After {@link #close} methods throw ClosedChannelException.
 */
public interface ListenerHandle extends Closeable, Pollable {
  /** Waits for a connection. */
  StreamHandle accept() throws IOException;

  /** The address, with the port that was chosen. */
  SocketAddress localAddress() throws IOException;

  /** Closes; accepts under way elsewhere end with AsynchronousCloseException. Not cancellable. */
  @Override
  void close() throws IOException;
}
