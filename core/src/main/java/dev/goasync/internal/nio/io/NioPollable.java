package dev.goasync.internal.nio.io;

import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The readiness of a channel that another library owns, on any loop. */
public final class NioPollable implements Pollable.Handle {
  private final SelectableChannel channel;
  private final NioSocket socket;

  /**
   * Wraps a channel that another library opened.
   *
   * @throws IllegalBlockingModeException if the channel is in blocking mode, which a selector does
   *     not support
   */
  public NioPollable(SelectableChannel channel) throws IOException {
    if (channel.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    this.channel = channel;
    this.socket = NioSocket.unowned(channel);
  }

  @Override
  public boolean has(Direction direction) {
    return (channel.validOps() & operation(direction)) != 0;
  }

  private int operation(Direction direction) {
    if (direction == Direction.INPUT) {
      int accepts = channel.validOps() & SelectionKey.OP_ACCEPT;
      return accepts != 0 ? accepts : SelectionKey.OP_READ;
    }
    return channel instanceof SocketChannel connecting && connecting.isConnectionPending()
        ? SelectionKey.OP_CONNECT
        : SelectionKey.OP_WRITE;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    socket.checkOpen();
    return ThreadSelector.isReady(socket, operation(direction));
  }

  @Override
  public void awaitReady(Direction direction) throws IOException {
    socket.begin();
    socket.await(operation(direction));
  }

  @Override
  public void close() {
    socket.deregister();
  }
}
