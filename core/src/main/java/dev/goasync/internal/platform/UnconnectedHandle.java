package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A socket for a stream that is neither connected nor listens yet, so that its options and its
 * address can be set first. What it becomes takes it over. Used by one thread or coroutine at a
 * time; {@link #close} may come from any other.
 */
public interface UnconnectedHandle extends SocketHandle {
  /**
   * Gives our end an address.
   *
   * @param local port 0 for any free one
   * @throws java.net.BindException if {@code local} is in use or not ours; the message names it
   */
  void bind(SocketAddress local) throws IOException;

  /**
   * Connects.
   *
   * @param threadLimitNanos as for {@link TimedPollable#awaitReady(Pollable.Direction, long)}
   * @throws java.net.ConnectException if refused; the message names the address
   */
  StreamHandle connect(SocketAddress remote, long threadLimitNanos) throws IOException;

  /**
   * Listens at the address that was bound.
   *
   * @param backlog connections that may wait to be accepted
   */
  ListenerHandle listen(int backlog) throws IOException;
}
