package dev.goasync.internal.platform;

import java.io.IOException;

/**
 * A listening socket; its {@linkplain Pollable.Direction#INPUT input} is an accept. After {@link
 * #close} methods throw ClosedChannelException.
 */
public interface ListenerHandle extends SocketHandle, Pollable.Timed {
  /** Waits for a connection and returns it. */
  StreamHandle accept() throws IOException;

  /** Whether another process may have the same socket, which then outlives {@link #close}. */
  default boolean isShared() {
    return false;
  }
}
