package dev.goasync.bridge;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.FifoLock;
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
 * The implementation of a socket that connects or was accepted.
 *
 * <p>A library that does not know cancellation would go on with a connection after half a request
 * or half a response, and the next request would get the rest of it. So an operation that is
 * cancelled, or whose thread is interrupted, closes the socket and throws a {@link
 * SocketException}, as the JDK's sockets do for virtual threads.
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

  private final FifoLock reading = new FifoLock("the end of another read");
  private final FifoLock writing = new FifoLock("the end of another write");
  private volatile @Nullable StreamHandle stream;
  private @Nullable LoopSocket owner;

  /** Whether the end was read. Guarded by {@link #reading}. */
  private boolean ended;

  /** Called once, before any other method. */
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

  /** Closes the socket after a cancel or an interrupt; see the class comment. */
  private SocketException closeCancelled(Exception cancelled) {
    var closed =
        new SocketException("Closed by a cancel or an interrupt: " + cancelled.getMessage());
    closed.initCause(cancelled);
    try {
      Objects.requireNonNull(owner).close();
    } catch (IOException failed) {
      closed.addSuppressed(failed);
    }
    return closed;
  }

  private interface Operation<R> {
    R run() throws IOException;
  }

  /** Runs an operation and throws exceptions as the JDK's sockets do. */
  private <R> R run(Operation<R> operation) throws IOException {
    try {
      return operation.run();
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (CancellationException | InterruptedIOException cancelled) {
      throw closeCancelled(cancelled);
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
  }

  private <R> R runLocked(FifoLock lock, Operation<R> operation) throws IOException {
    return run(() -> {
      lock.acquire();
      try {
        return operation.run();
      } finally {
        lock.release();
      }
    });
  }

  // ---- connecting ----

  @Override
  protected void create(boolean isStream) throws IOException {
    if (!isStream) {
      throw new IOException("a datagram socket is created by DatagramSocket");
    }
    setHandle(Backends.platform().openTcp(false));
  }

  @Override
  protected void bind(InetAddress host, int port) throws IOException {
    if (handle() instanceof UnconnectedHandle unconnected) {
      unconnected.bind(new InetSocketAddress(host, port));
      updateLocalPort();
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

  /** Connects. The JDK closes the socket if this throws an {@link IOException}. */
  @Override
  protected void connect(SocketAddress remote, int millis) throws IOException {
    if (!(remote instanceof InetSocketAddress inet)) {
      throw new IllegalArgumentException("Unsupported address type");
    }
    if (!(handle() instanceof UnconnectedHandle unconnected)) {
      throw new SocketException("Already connected");
    }
    run(() ->
        Timeouts.run(
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
    setHandle(connected);
    updateLocalPort();
  }

  /** Sets the connection of an accepted socket, whose peer may have disconnected already. */
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
    throw new SocketException("a Socket cannot listen; use a ServerSocket");
  }

  @Override
  protected void accept(SocketImpl accepted) throws IOException {
    throw new SocketException("a Socket cannot accept; use a ServerSocket");
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
    return runLocked(
        reading,
        () -> {
          if (ended) {
            return -1;
          }
          StreamHandle from = stream();
          int count =
              Timeouts.run(
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
    runLocked(
        writing,
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
    return ended ? 0 : run(() -> stream().available());
  }

  @Override
  protected boolean supportsUrgentData() {
    return true;
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    runLocked(
        writing,
        () -> {
          stream().sendUrgent((byte) data);
          return data;
        });
  }

  @Override
  protected void shutdownInput() throws IOException {
    run(() -> {
      stream().shutdownInput();
      return true;
    });
  }

  @Override
  protected void shutdownOutput() throws IOException {
    run(() -> {
      stream().shutdownOutput();
      return true;
    });
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return OPTIONS;
  }
}
