package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A socket that takes connections. After {@link #close} methods throw ClosedChannelException. */
public interface ListenerHandle extends Closeable {
  /** Waits for a connection. */
  StreamHandle accept() throws IOException;

  /** The address, with the port that was chosen. */
  InetSocketAddress localAddress() throws IOException;

  /** Closes; accepts under way elsewhere end with AsynchronousCloseException. Not cancellable. */
  @Override
  void close() throws IOException;
}
