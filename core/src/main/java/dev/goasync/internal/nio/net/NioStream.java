package dev.goasync.internal.nio.net;

import dev.goasync.internal.nio.io.NioSocket;
import dev.goasync.internal.nio.io.SocketErrors;
import dev.goasync.internal.nio.io.ThreadSelector;
import dev.goasync.internal.nio.io.Transfers;
import dev.goasync.internal.platform.SocketHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.Targets;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.IntConsumer;

/** A connected stream socket, TCP or Unix. */
final class NioStream implements StreamHandle {
  private final SocketChannel channel;
  private final NioSocket socket;
  private final SocketAddress remote;
  private volatile boolean inputShut;
  private volatile boolean outputShut;

  /** Whether the last read emptied the socket, so that the next should wait first. The reader's. */
  private boolean drained;

  NioStream(SocketChannel channel, NioSocket socket, SocketAddress remote) {
    this.channel = channel;
    this.socket = socket;
    this.remote = remote;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (inputShut) {
      socket.checkOpen();
      return -1;
    }
    Targets.requireWritable(target);
    socket.begin();
    if (!target.hasRemaining()) {
      return 0;
    }
    int limit = Transfers.limit(target);
    try {
      if (drained && socket.waitsCheaply()) {
        drained = false;
        socket.await(SelectionKey.OP_READ);
      }
      int wanted = target.remaining();
      int count;
      while ((count = channel.read(target)) == 0) {
        socket.await(SelectionKey.OP_READ);
      }
      drained = count > 0 && count < wanted;
      return count;
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    beginWrite();
    return Transfers.write(socket, channel, source);
  }

  /** Passes only as many buffers as fit one transfer, since the JDK copies heap buffers. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    beginWrite();
    long offered = 0;
    int fit = 0;
    while (fit < length && offered + sources[offset + fit].remaining() <= Transfers.MAX_OF_HEAP) {
      offered += sources[offset + fit++].remaining();
    }
    if (offered == 0) {
      return fit == length ? 0 : write(sources[offset + fit]);
    }
    try {
      long count;
      while ((count = channel.write(sources, offset, fit)) == 0) {
        socket.await(SelectionKey.OP_WRITE);
      }
      return count;
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    }
  }

  private void beginWrite() throws IOException {
    if (outputShut) {
      socket.checkOpen();
      throw new SocketException("the output was shut down: " + socket);
    }
    socket.begin();
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    socket.checkOpen();
    checkObservable(direction);
    return ThreadSelector.isReady(socket, operation(direction));
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    checkObservable(direction);
    socket.begin();
    socket.await(operation(direction), threadTimeoutNanos);
  }

  private static void checkObservable(Direction direction) {
    if (direction == Direction.HANG_UP) {
      throw new UnsupportedOperationException(
          "the nio backend cannot wait for the hang-up of a connection, which selectors of the JDK"
              + " do not report; its reads and writes fail");
    }
  }

  static int operation(Direction direction) {
    return direction == Direction.INPUT ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) {
    throw SocketErrors.noDescriptors("pass");
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) {
    throw SocketErrors.noDescriptors("receive");
  }

  @Override
  public int available() throws IOException {
    socket.checkOpen();
    return inputShut ? 0 : channel.socket().getInputStream().available();
  }

  @Override
  public void sendUrgent(byte value) throws IOException {
    beginWrite();
    try {
      channel.socket().sendUrgentData(value);
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.checkOpen();
    inputShut = true;
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.checkOpen();
    outputShut = true;
    channel.shutdownOutput();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    socket.checkOpen();
    return channel.getLocalAddress();
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    socket.checkOpen();
    return remote;
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    setOption(channel, socket, option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return getOption(channel, socket, option);
  }

  static <T> void setOption(
      SocketChannel channel, NioSocket socket, SocketOption<T> option, T value) throws IOException {
    socket.checkOpen();
    if (option == SocketHandle.URGENT_INLINE) {
      channel.socket().setOOBInline((Boolean) value);
    } else {
      channel.setOption(supported(channel, option), value);
    }
  }

  static <T> T getOption(SocketChannel channel, NioSocket socket, SocketOption<T> option)
      throws IOException {
    socket.checkOpen();
    return option == SocketHandle.URGENT_INLINE
        ? option.type().cast(channel.socket().getOOBInline())
        : channel.getOption(supported(channel, option));
  }

  private static <T> SocketOption<T> supported(SocketChannel channel, SocketOption<T> option) {
    if (!channel.supportedOptions().contains(option)) {
      throw new UnsupportedOperationException(option + " is not supported for stream sockets");
    }
    return option;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
