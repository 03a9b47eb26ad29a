package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A stream socket that neither is connected nor listens yet, so that options and address can be set
 * first. The handle that {@link #connect} or {@link #listen} returns owns the socket from then on.
 * Used by one thread or coroutine at a time; any thread may call {@link #close}.
 */
public interface UnconnectedHandle extends SocketHandle {
  /**
   * Binds the local address.
   *
   * @param local port 0 for any free one
   * @throws java.net.BindException if {@code local} is in use or not an address of this machine;
   *     the message names it
   */
  void bind(SocketAddress local) throws IOException;

  /**
   * Connects.
   *
   * @param threadTimeoutNanos as for {@link Pollable.Timed#awaitReady(Pollable.Direction, long)}
   * @throws java.net.ConnectException if refused; the message names the address
   */
  StreamHandle connect(SocketAddress remote, long threadTimeoutNanos) throws IOException;

  /**
   * Listens at the bound address.
   *
   * @param backlog how many connections may wait for an accept
   */
  ListenerHandle listen(int backlog) throws IOException;
}
