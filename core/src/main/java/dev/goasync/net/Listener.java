package dev.goasync.net;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Channel;

/**
 * Accepts connections: what a {@link Server} serves from.
 *
 * @param <C> the type of the connections
 */
public interface Listener<C extends ByteStream> extends Channel {
  /**
   * Waits for a connection. Any number of callers may wait at once; each connection goes to one of
   * them.
   *
   * @throws java.nio.channels.ClosedChannelException if this listener is closed, before the call or
   *     during it
   * @throws IOException if the system cannot accept a connection now; a later call may succeed
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled; no connection
   *     is lost
   */
  C accept() throws IOException;

  /** The address that this listener listens on. */
  SocketAddress localAddress();
}
