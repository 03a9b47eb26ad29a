package dev.goasync.bridge;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.ByteStream;
import dev.goasync.io.Readiness;
import dev.goasync.io.Selectable;
import dev.goasync.net.StreamSocket;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a socket that is a view of a {@link ByteStream}. Addresses and options are those of
 * the socket below, if there is one.
 */
final class StreamView implements StreamHandle {
  private static final InetSocketAddress NO_ADDRESS = new InetSocketAddress(0);

  private final ByteStream stream;
  private final @Nullable StreamSocket socket;
  private volatile boolean inputShut;

  StreamView(ByteStream stream) {
    this.stream = stream;
    this.socket = socketBelow(stream);
  }

  private static @Nullable StreamSocket socketBelow(Object stream) {
    return switch (stream) {
      case StreamSocket socket -> socket;
      case TlsStream tls -> socketBelow(tls.channel());
      default -> null;
    };
  }

  /** Whether there is a socket below, which has options. */
  boolean hasSocket() {
    return socket != null;
  }

  /** Whether the stream is the socket itself. */
  boolean isPlainSocket() {
    return stream == socket;
  }

  // ---- bytes ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (inputShut) {
      return -1;
    }
    int count = stream.read(target);
    if (count < 0 && !stream.isOpen()) {
      throw new ClosedChannelException(); // a stream may report its own close as an end
    }
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return stream.write(source);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return stream.write(sources, offset, length);
  }

  @Override
  public int available() throws ClosedChannelException {
    if (!stream.isOpen()) {
      throw new ClosedChannelException();
    }
    return 0; // a stream does not report it
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    Readiness readiness = readiness(direction);
    return readiness != null && readiness.isReady();
  }

  /** The readiness of a plain socket. Bytes below TLS do not make a read of the stream ready. */
  private @Nullable Readiness readiness(Direction direction) {
    if (!(stream instanceof Selectable selectable)) {
      return null;
    }
    return direction == Direction.INPUT ? selectable.readable() : selectable.writable();
  }

  /** Waits for input by a peek, which leaves the byte in the stream's buffer. */
  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    if (direction == Direction.OUTPUT || inputShut) {
      return;
    }
    if (threadTimeoutNanos == NO_TIMEOUT) {
      peek();
      return;
    }
    try {
      GoAsync.withTimeout(Duration.ofNanos(threadTimeoutNanos), this::peek);
    } catch (DeadlineExceededException late) {
      throw (SocketTimeoutException) new SocketTimeoutException().initCause(late);
    }
  }

  private void peek() throws IOException {
    var _ = stream.peek(ByteBuffer.allocate(1));
  }

  // ---- ends ----

  @Override
  public void shutdownInput() throws IOException {
    if (stream instanceof StreamSocket plain) {
      plain.shutdownInput();
    }
    inputShut = true;
  }

  @Override
  public void shutdownOutput() throws IOException {
    switch (stream) {
      case StreamSocket plain -> plain.shutdownOutput();
      case TlsStream tls -> tls.shutdownOutput();
      default ->
          throw new UnsupportedOperationException(
              "shutdownOutput: " + stream + " cannot end its output alone; close it");
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  // ---- addresses and options ----

  @Override
  public SocketAddress localAddress() throws IOException {
    return inet(socket == null ? null : socket.localAddress());
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return inet(socket == null ? null : socket.remoteAddress());
  }

  private static InetSocketAddress inet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : NO_ADDRESS;
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    var _ = withOption(option).setOption(option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return withOption(option).getOption(option);
  }

  private StreamSocket withOption(SocketOption<?> option) {
    StreamSocket below = socket;
    if (below == null) {
      throw new UnsupportedOperationException("'" + option + "' not supported");
    }
    return below;
  }

  // ---- what java.net.Socket does not have ----

  @Override
  public void sendUrgent(byte value) {
    throw new UnsupportedOperationException("a view of a stream has no urgent data");
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) {
    throw new UnsupportedOperationException("a view of a stream passes no descriptors");
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) {
    throw new UnsupportedOperationException("a view of a stream passes no descriptors");
  }
}
