package dev.goasync.internal.nio.io;

import java.nio.channels.ClosedChannelException;

/** A socket's place in the selector of a thread that blocks. */
final class ThreadRegistration extends Registration {
  ThreadRegistration(NioSocket socket, SharedSelector selector) throws ClosedChannelException {
    super(socket, selector);
  }

  @Override
  void socketClosed() {
    selector.wakeup();
  }
}
