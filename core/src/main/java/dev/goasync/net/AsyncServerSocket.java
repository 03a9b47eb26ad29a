package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A socket that takes TCP connections. In a coroutine {@link #accept} pauses the coroutine; on any
 * other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var listener = AsyncServerSocket.listen(0);
 *     var client = AsyncSocket.connect(listener.localAddress());
 *     var accepted = listener.accept()) {
 *   client.writeAll("hello");
 * }
 * }</pre>
 *
 * <p>A {@link Server} accepts by itself and gives each connection a coroutine.
 *
 * <p><b>Threads.</b> Any number may accept at once; each connection goes to one of them.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #accept} takes no connection; the socket stays open.
 */
public final class AsyncServerSocket implements Listener<AsyncSocket> {
  /** How many connections may wait to be accepted, unless told; the system may allow fewer. */
  public static final int DEFAULT_BACKLOG = 1024;

  final ListenerHandle handle;
  private final InetSocketAddress local;
  private volatile boolean open = true;

  private AsyncServerSocket(ListenerHandle handle, InetSocketAddress local) {
    this.handle = handle;
    this.local = local;
  }

  /**
   * Listens on all addresses of the machine.
   *
   * @param port 0 for any free one, told by {@link #localAddress}
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncServerSocket listen(int port) throws IOException {
    return listen(new InetSocketAddress(port));
  }

  /**
   * Listens on one address.
   *
   * @throws java.net.BindException if the address is in use, not allowed or not ours
   */
  public static AsyncServerSocket listen(InetSocketAddress local) throws IOException {
    return listen(local, DEFAULT_BACKLOG, false);
  }

  /**
   * Listens on one address.
   *
   * @param backlog how many connections may wait to be accepted
   * @param sharePort whether other sockets that agree may listen on the same port, each taking a
   *     share of the connections ({@code SO_REUSEPORT})
   * @throws java.net.BindException if the address is in use, not allowed or not ours
   * @throws IllegalArgumentException if {@code backlog} is not positive
   */
  public static AsyncServerSocket listen(InetSocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    Objects.requireNonNull(local, "local");
    if (backlog <= 0) {
      throw new IllegalArgumentException("backlog is not positive: " + backlog);
    }
    ListenerHandle handle =
        Backends.platform().listen(HostNames.resolve(local), backlog, sharePort);
    try {
      return new AsyncServerSocket(handle, (InetSocketAddress) handle.localAddress());
    } catch (IOException unknownAddress) {
      handle.close();
      throw unknownAddress;
    }
  }

  /**
   * Takes over a socket that listens already that is open already: from a service manager, or from
   * the version of the server before. From now on it is closed by {@link #close}, and by nobody
   * else. It is closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <pre>{@code
   * Listener<AsyncSocket> listener =
   *     System.getenv("LISTEN_FDS") == null      // started by systemd for a .socket unit?
   *         ? AsyncServerSocket.listen(8080)
   *         : AsyncServerSocket.ofDescriptor(3); // its first descriptor
   * }</pre>
   *
   * <p>Others may have the same socket, and go on to listen when this is closed. That it does not
   * block, or gives an accept up after a millisecond (<code>SO_RCVTIMEO</code>), is a state that
   * they share: their accepts must wait for readiness, as ours do.
   *
   * @throws IllegalArgumentException if {@code fd} is negative, or no listening TCP socket; the
   *     message says what it is, and it stays open
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static AsyncServerSocket ofDescriptor(int fd) throws IOException {
    ListenerHandle handle = Backends.platform().openDescriptor(fd).toListener(false);
    return new AsyncServerSocket(handle, (InetSocketAddress) handle.localAddress());
  }

  /**
   * Waits for a connection.
   *
   * @throws java.net.SocketException if the system cannot take it, such as for want of descriptors
   * @throws java.nio.channels.ClosedChannelException if this socket is closed; {@link
   *     java.nio.channels.AsynchronousCloseException} if meanwhile
   */
  @Override
  public AsyncSocket accept() throws IOException {
    StreamHandle stream = handle.accept();
    return new AsyncSocket(stream, stream.toString());
  }

  /** Whether an accept would not wait: a connection is there, or an error. */
  public Readiness acceptable() {
    return new HandleReadiness("a connection to " + this, handle, Direction.INPUT);
  }

  /** The address, with the port that was chosen. */
  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Stops listening; accepts under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Connections that were not accepted are reset.
   * Closing again does nothing.
   *
   * <p>If the socket was {@linkplain #ofDescriptor taken over} or {@linkplain
   * AsyncUnixSocket#sendDescriptors passed on}, the others go on to listen, and get what was not
   * accepted here.
   */
  @Override
  public void close() throws IOException {
    open = false;
    handle.close();
  }

  @Override
  public String toString() {
    return "AsyncServerSocket[" + local + (open ? "]" : ", closed]");
  }
}
