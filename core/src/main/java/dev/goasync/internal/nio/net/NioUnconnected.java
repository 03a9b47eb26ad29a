package dev.goasync.internal.nio.net;

import dev.goasync.internal.nio.io.NioSocket;
import dev.goasync.internal.nio.io.SocketErrors;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream socket before it is connected or listens. */
public final class NioUnconnected implements UnconnectedHandle {
  private final NetworkChannel channel;
  private final NioSocket socket;

  /** The address to bind; the JDK binds and listens in one call. */
  private @Nullable SocketAddress bindAddress;

  private NioUnconnected(NetworkChannel channel, NioSocket socket) {
    this.channel = channel;
    this.socket = socket;
  }

  /** Takes ownership of a channel that will connect. */
  public static NioUnconnected of(SocketChannel channel, Object name) throws IOException {
    return new NioUnconnected(channel, new NioSocket(channel, name));
  }

  /** Takes ownership of a channel that will listen. */
  public static NioUnconnected of(ServerSocketChannel channel) throws IOException {
    return new NioUnconnected(channel, new NioSocket(channel, "a socket that does not listen"));
  }

  @Override
  public void bind(SocketAddress local) throws IOException {
    SocketErrors.checkResolved(local);
    socket.checkOpen();
    if (channel instanceof ServerSocketChannel) {
      bindAddress = local;
      return;
    }
    try {
      channel.bind(local);
    } catch (IOException thrown) {
      throw socket.explain(thrown, local);
    }
  }

  @Override
  public StreamHandle connect(SocketAddress remote, long threadTimeoutNanos) throws IOException {
    SocketErrors.checkResolved(remote);
    socket.begin();
    socket.rename(remote);
    SocketChannel connecting = (SocketChannel) channel;
    try {
      if (!connecting.connect(remote)) {
        do {
          socket.await(SelectionKey.OP_CONNECT, threadTimeoutNanos);
        } while (!connecting.finishConnect());
      }
      return new NioStream(connecting, socket, remote);
    } catch (IOException thrown) {
      throw socket.explain(thrown, remote);
    }
  }

  @Override
  public ListenerHandle listen(int backlog) throws IOException {
    socket.checkOpen();
    ServerSocketChannel listening = (ServerSocketChannel) channel;
    SocketAddress local = Objects.requireNonNull(bindAddress, "not bound; call bind before listen");
    try {
      listening.bind(local, backlog);
      socket.rename(listening.getLocalAddress());
      return new NioListener(listening, socket);
    } catch (IOException thrown) {
      throw socket.explain(thrown, local);
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    socket.checkOpen();
    return channel.getLocalAddress();
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    if (channel instanceof SocketChannel stream) {
      NioStream.setOption(stream, socket, option, value);
    } else {
      socket.checkOpen();
      channel.setOption(option, value);
    }
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    if (channel instanceof SocketChannel stream) {
      return NioStream.getOption(stream, socket, option);
    }
    socket.checkOpen();
    return channel.getOption(option);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
