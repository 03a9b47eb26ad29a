package dev.goasync.bridge;

import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.FifoLock;
import dev.goasync.internal.loop.Interrupts;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.SocketHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.net.HostNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Serial;
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
sealed class StreamEndpoint extends Endpoint permits ViewEndpoint {

  /** The message of the JDK, and the start of that of a handle, if urgent data does not fit. */
  private static final String NO_ROOM = "No buffer space available";

  private final FifoLock reading = new FifoLock("the end of another read");
  private final FifoLock writing = new FifoLock("the end of another write");
  private volatile @Nullable StreamHandle stream;
  private @Nullable LoopSocket owner;
  private volatile boolean outputShut;

  /** Whether the end was read. Guarded by {@link #reading}. */
  private boolean ended;

  /** Called once, before any other method, unless the JDK makes the socket. */
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

  /**
   * Closes the handle at once if the JDK made the socket, by {@link LoopSockets#install}: then no
   * owner does so after the JDK has released its lock. The close must not pause under that lock.
   */
  @Override
  protected void close() {
    super.close();
    if (owner == null) {
      try {
        GoAsync.sync(this::closeHandle);
      } catch (IOException failed) {
        // as in the JDK's sockets, whose close reports nothing that a caller could act on
      }
    }
  }

  /** Closes the socket after a cancel or an interrupt; see the class comment. */
  private SocketException closeCancelled(Exception cancelled) {
    var closed =
        new SocketException(
            cancelled instanceof InterruptedIOException
                ? "Closed by interrupt" // the message of the JDK
                : "Closed by a cancel or an interrupt: " + cancelled.getMessage());
    closed.initCause(cancelled);
    LoopSocket socket = owner;
    if (socket == null) {
      close();
      return closed;
    }
    try {
      socket.close();
    } catch (IOException failed) {
      closed.addSuppressed(failed);
    }
    return closed;
  }

  private interface Operation<R> {
    R run() throws IOException;
  }

  /**
   * Repeats an operation that a pending cancel or interrupt has refused, if it need not wait: only
   * waits are cut, as with the JDK's sockets. A library's clean-up in a cancelled coroutine can so
   * send its last message and leave a shared connection usable.
   *
   * @param stream the socket; if the operation would wait at it, {@code refusal} is thrown again
   */
  private static <R> R repeatIfReady(
      StreamHandle stream, Direction direction, Exception refusal, Operation<R> operation)
      throws IOException {
    boolean interrupted = Interrupts.clear();
    try {
      return GoAsync.<R, IOException>shielded(() -> {
        if (!stream.isReady(direction)) {
          throw new WouldWaitException();
        }
        return operation.run();
      });
    } catch (WouldWaitException wouldWait) {
      if (refusal instanceof IOException interruptedThread) {
        throw interruptedThread;
      }
      throw (CancellationException) refusal;
    } finally {
      Interrupts.restore(interrupted);
    }
  }

  /** Leaves the shield of {@link #repeatIfReady}; never leaves this class. */
  private static final class WouldWaitException extends IOException {
    @Serial private static final long serialVersionUID = 1;
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

  /**
   * Runs an operation while holding a lock. A caller that is cancelled while it waits for the lock
   * has transferred nothing, so the socket stays open for the callers before it.
   */
  private <R> R runLocked(FifoLock lock, Operation<R> operation) throws IOException {
    try {
      lock.acquire();
    } catch (CancellationException | InterruptedIOException cancelled) {
      var refused =
          new SocketException(
              "Cancelled while another caller used the socket: " + cancelled.getMessage());
      refused.initCause(cancelled);
      throw refused;
    }
    try {
      return run(operation);
    } finally {
      lock.release();
    }
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
    if (!(handle() instanceof UnconnectedHandle unconnected)) {
      throw new SocketException("Already connected");
    }
    try {
      unconnected.bind(new InetSocketAddress(host, port));
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
    updateLocalPort();
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

  /** Also replaces the wildcard by this host's address, as the JDK's sockets do. */
  private static InetSocketAddress resolve(InetSocketAddress remote) throws IOException {
    if (!remote.isUnresolved() && !remote.getAddress().isAnyLocalAddress()) {
      return remote;
    }
    InetAddress known =
        remote.isUnresolved()
            ? HostNames.resolve(remote.getHostString()).getFirst()
            : GoAsync.<InetAddress, IOException>offload(InetAddress::getLocalHost);
    return new InetSocketAddress(known, remote.getPort());
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
    } catch (SocketException disconnected) {
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
        Objects.checkFromIndexSize(offset, length, target.length);
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
        Objects.checkFromIndexSize(offset, length, source.length);
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
          int count = readUnlessCancelled(from, target);
          ended = count < 0;
          return count;
        });
  }

  private int readUnlessCancelled(StreamHandle from, ByteBuffer target) throws IOException {
    try {
      return Timeouts.run(
          timeoutMillis(),
          "Read timed out",
          nanos -> {
            if (nanos != Pollable.Timed.NO_TIMEOUT) {
              from.awaitReady(Direction.INPUT, nanos);
            }
            return from.read(target);
          });
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (CancellationException | InterruptedIOException cancelled) {
      return repeatIfReady(from, Direction.INPUT, cancelled, () -> from.read(target));
    }
  }

  /** The JDK's messages after a reset differ between reads and writes. */
  private static IOException asWriteFailure(SocketException failed) {
    IOException converted = asSocketFailure(failed);
    return "Connection reset".equals(converted.getMessage())
        ? new SocketException("Connection reset by peer", failed)
        : converted;
  }

  private StreamHandle writable() throws SocketException {
    StreamHandle to = stream();
    if (outputShut) {
      throw new SocketException("Broken pipe");
    }
    return to;
  }

  /**
   * Writes what fits. A connection that another caller reads meanwhile is one that a library shares
   * between its users, which take turns to write under a lock of the library. A pause in a write
   * would make all of them pause for that lock, so such a write first attempts not to wait.
   */
  private void writeUnlessCancelled(StreamHandle to, ByteBuffer source) throws IOException {
    try {
      if (!reading.isHeld() || to.tryWrite(source) == 0) {
        to.write(source);
      }
    } catch (SocketException failed) {
      throw asWriteFailure(failed);
    } catch (CancellationException | InterruptedIOException cancelled) {
      repeatIfReady(to, Direction.OUTPUT, cancelled, () -> to.write(source));
    }
  }

  private void write(ByteBuffer source) throws IOException {
    if (!source.hasRemaining()) {
      return;
    }
    runLocked(
        writing,
        () -> {
          StreamHandle to = writable();
          while (source.hasRemaining()) {
            writeUnlessCancelled(to, source);
          }
          return source;
        });
  }

  @Override
  protected int available() throws IOException {
    return run(() -> stream().available());
  }

  /**
   * Shuts the output down before the close, as the JDK's sockets do: with unread input the kernel
   * resets the connection, and without the shutdown the peer could lose what was written last. With
   * {@code SO_LINGER} 0 the caller wants the reset.
   */
  @Override
  void beforeClose(SocketHandle handle) {
    try {
      if (handle instanceof StreamHandle connected
          && connected.getOption(StandardSocketOptions.SO_LINGER) != 0) {
        connected.shutdownOutput();
      }
    } catch (IOException unconnected) {
      // the close follows anyway
    }
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
          var _ = stream();
          sendUrgent((byte) data);
          return data;
        });
  }

  /** The JDK throws a plain IOException if the kernel reports an error. */
  private void sendUrgent(byte data) throws IOException {
    try {
      writable().sendUrgent(data);
    } catch (SocketException failed) {
      IOException converted = asWriteFailure(failed);
      throw NO_ROOM.equals(converted.getMessage())
          ? converted
          : new IOException(converted.getMessage(), failed);
    }
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
      outputShut = true;
      return true;
    });
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return JdkOptions.OF_SOCKETS;
  }
}
