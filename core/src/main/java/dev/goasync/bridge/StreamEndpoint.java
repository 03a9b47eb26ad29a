package dev.goasync.bridge;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.net.HostNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a connection.
 *
 * <p>Libraries know nothing of cancellation, and would go on with a connection on which a request
 * or an answer was left half-way: the next would get the rest of another's. So an operation that is
 * cancelled, or whose thread is interrupted, closes the socket and throws a {@link
 * SocketException}, as the JDK's does for its virtual threads.
 */
final class StreamEndpoint extends Endpoint {
  private static final Set<SocketOption<?>> OPTIONS =
      Set.of(
          StandardSocketOptions.TCP_NODELAY,
          StandardSocketOptions.SO_KEEPALIVE,
          StandardSocketOptions.SO_SNDBUF,
          StandardSocketOptions.SO_RCVBUF,
          StandardSocketOptions.SO_LINGER,
          StandardSocketOptions.SO_REUSEADDR,
          StandardSocketOptions.SO_REUSEPORT,
          StandardSocketOptions.IP_TOS);

  private final FifoLock readers = new FifoLock();
  private final FifoLock writers = new FifoLock();
  private volatile @Nullable StreamHandle stream;
  private @Nullable LoopSocket owner;

  /** The end was read. The reader's. */
  private boolean ended;

  /** Called once, before anything else. */
  void setOwner(LoopSocket socket) {
    owner = socket;
  }

  private StreamHandle stream() throws SocketException {
    var _ = handle();
    StreamHandle connected = stream;
    if (connected == null) {
      throw new SocketException("Not connected");
    }
    return connected;
  }

  /** A cancel ends the connection; see the class. */
  private SocketException cut(Exception cancelled) {
    var told = new SocketException("Closed by a cancel or an interrupt: " + cancelled.getMessage());
    told.initCause(cancelled);
    try {
      Objects.requireNonNull(owner).close();
    } catch (IOException failed) {
      told.addSuppressed(failed);
    }
    return told;
  }

  private interface Operation<R> {
    R run() throws IOException;
  }

  private <R> R uncut(Operation<R> operation) throws IOException {
    try {
      return operation.run();
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (CancellationException | InterruptedIOException cancelled) {
      throw cut(cancelled);
    } catch (IOException thrown) {
      throw asOfSockets(thrown);
    }
  }

  private <R> R inTurn(FifoLock turns, Operation<R> operation) throws IOException {
    return uncut(() -> {
      turns.begin();
      try {
        return operation.run();
      } finally {
        turns.end();
      }
    });
  }

  // ---- the way to a connection ----

  @Override
  protected void create(boolean isStream) throws IOException {
    if (!isStream) {
      throw new IOException("a socket of datagrams is made by DatagramSocket");
    }
    become(Backends.platform().openTcp(false));
  }

  @Override
  protected void bind(InetAddress host, int port) throws IOException {
    if (handle() instanceof UnconnectedHandle unconnected) {
      unconnected.bind(new InetSocketAddress(host, port));
      noteLocalPort();
    } else {
      throw new SocketException("Already connected");
    }
  }

  @Override
  protected void connect(String host, int remotePort) throws IOException {
    connect(InetSocketAddress.createUnresolved(host, remotePort), 0);
  }

  @Override
  protected void connect(InetAddress host, int remotePort) throws IOException {
    connect(new InetSocketAddress(host, remotePort), 0);
  }

  /** The JDK closes the socket if this throws an {@link IOException}. */
  @Override
  protected void connect(SocketAddress remote, int millis) throws IOException {
    if (!(remote instanceof InetSocketAddress inet)) {
      throw new IllegalArgumentException("Unsupported address type");
    }
    if (!(handle() instanceof UnconnectedHandle unconnected)) {
      throw new SocketException("Already connected");
    }
    uncut(() ->
        Limit.of(
            millis,
            "Connect timed out: " + inet,
            nanos -> {
              InetSocketAddress resolved = resolve(inet);
              address = resolved.getAddress();
              port = resolved.getPort();
              adopt(unconnected.connect(resolved, nanos));
              return resolved;
            }));
  }

  private static InetSocketAddress resolve(InetSocketAddress remote) throws IOException {
    return remote.isUnresolved()
        ? new InetSocketAddress(
            HostNames.resolve(remote.getHostString()).getFirst(), remote.getPort())
        : remote;
  }

  private void adopt(StreamHandle connected) throws IOException {
    stream = connected;
    become(connected);
    noteLocalPort();
  }

  /** A connection that was accepted; its peer may have gone already, and its address with it. */
  void accepted(StreamHandle connected) throws IOException {
    boolean adopted = false;
    try {
      adopt(connected);
      adopted = true;
    } finally {
      if (!adopted) {
        connected.close();
      }
    }
    InetSocketAddress remote;
    try {
      remote = (InetSocketAddress) connected.remoteAddress();
    } catch (SocketException gone) {
      remote = new InetSocketAddress(0);
    }
    address = remote.getAddress();
    port = remote.getPort();
  }

  @Override
  protected void listen(int backlog) throws IOException {
    throw new SocketException("this socket is to connect; a ServerSocket listens");
  }

  @Override
  protected void accept(SocketImpl accepted) throws IOException {
    throw new SocketException("this socket is to connect; a ServerSocket accepts");
  }

  // ---- bytes ----

  @Override
  protected InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return StreamEndpoint.this.read(ByteBuffer.wrap(target, offset, length));
      }

      @Override
      public int available() throws IOException {
        return StreamEndpoint.this.available();
      }
    };
  }

  @Override
  protected OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        StreamEndpoint.this.write(ByteBuffer.wrap(source, offset, length));
      }
    };
  }

  private int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    return inTurn(
        readers,
        () -> {
          if (ended) {
            return -1;
          }
          StreamHandle from = stream();
          int count =
              Limit.of(
                  timeoutMillis(),
                  "Read timed out",
                  nanos -> {
                    if (nanos != Pollable.Timed.NO_TIMEOUT) {
                      from.awaitReady(Direction.INPUT, nanos);
                    }
                    return from.read(target);
                  });
          ended = count < 0;
          return count;
        });
  }

  private void write(ByteBuffer source) throws IOException {
    if (!source.hasRemaining()) {
      return;
    }
    inTurn(
        writers,
        () -> {
          StreamHandle to = stream();
          while (source.hasRemaining()) {
            to.write(source);
          }
          return source;
        });
  }

  @Override
  protected int available() throws IOException {
    return ended ? 0 : uncut(() -> stream().available());
  }

  @Override
  protected boolean supportsUrgentData() {
    return true;
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    inTurn(
        writers,
        () -> {
          stream().sendUrgent((byte) data);
          return data;
        });
  }

  @Override
  protected void shutdownInput() throws IOException {
    uncut(() -> {
      stream().shutdownInput();
      return true;
    });
  }

  @Override
  protected void shutdownOutput() throws IOException {
    uncut(() -> {
      stream().shutdownOutput();
      return true;
    });
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return OPTIONS;
  }
}
