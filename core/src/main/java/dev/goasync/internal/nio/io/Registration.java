package dev.goasync.internal.nio.io;

import java.nio.channels.SelectionKey;

/** A socket's place in one selector. */
abstract class Registration {
  final NioSocket socket;
  final SharedSelector selector;
  final SelectionKey key;

  /** Enters the selector, with no interest yet. Under the socket's lock. */
  Registration(NioSocket socket, SharedSelector selector)
      throws java.nio.channels.ClosedChannelException {
    this.socket = socket;
    this.selector = selector;
    this.key = socket.channel().register(selector.selector(), 0, this);
  }

  /** The socket was closed: whoever waits here goes on. Any thread. */
  abstract void socketClosed();
}
