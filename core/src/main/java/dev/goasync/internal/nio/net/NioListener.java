package dev.goasync.internal.nio.net;

import dev.goasync.internal.nio.io.NioSocket;
import dev.goasync.internal.nio.io.ThreadSelector;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A listening socket. */
public final class NioListener implements ListenerHandle {
  private final ServerSocketChannel channel;
  private final NioSocket socket;

  /** Takes ownership of a listening channel. */
  public NioListener(ServerSocketChannel channel, NioSocket socket) {
    this.channel = channel;
    this.socket = socket;
  }

  @Override
  public StreamHandle accept() throws IOException {
    socket.begin();
    try {
      SocketChannel accepted;
      while ((accepted = channel.accept()) == null) {
        socket.await(SelectionKey.OP_ACCEPT);
      }
      return stream(accepted);
    } catch (IOException thrown) {
      throw socket.explain(thrown, "accepting at " + socket);
    }
  }

  private static StreamHandle stream(SocketChannel accepted) throws IOException {
    try {
      SocketAddress remote = accepted.getRemoteAddress();
      return new NioStream(accepted, new NioSocket(accepted, remote), remote);
    } catch (IOException failed) {
      accepted.close();
      throw failed;
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    socket.checkOpen();
    return direction == Direction.INPUT && ThreadSelector.isReady(socket, SelectionKey.OP_ACCEPT);
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction != Direction.INPUT) {
      throw new IllegalArgumentException(
          "direction is OUTPUT, and a listening socket has only INPUT");
    }
    socket.begin();
    socket.await(SelectionKey.OP_ACCEPT, threadTimeoutNanos);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    socket.checkOpen();
    return channel.getLocalAddress();
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    socket.checkOpen();
    channel.setOption(option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    socket.checkOpen();
    return channel.getOption(option);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
