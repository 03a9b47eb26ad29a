package dev.goasync.internal.platform;

import java.io.IOException;

/**
 * A socket that takes connections; to accept is its {@linkplain Pollable.Direction#INPUT input}.
 * After {@link #close} methods throw ClosedChannelException.
 */
public interface ListenerHandle extends SocketHandle, TimedPollable {
  /** Waits for a connection. */
  StreamHandle accept() throws IOException;

  /** Whether another process may have the same socket, which goes on when this is closed. */
  default boolean isShared() {
    return false;
  }
}
