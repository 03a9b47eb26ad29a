package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A listening TCP socket that accepts connections. In a coroutine {@link #accept} pauses the
 * coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var listener = AsyncServerSocket.listen(0);
 *     var client = AsyncSocket.connect(listener.localAddress());
 *     var accepted = listener.accept()) {
 *   client.writeAll("hello");
 * }
 * }</pre>
 *
 * <p>Threads, cancellation and close are described in {@link StreamServerSocket}.
 */
public final class AsyncServerSocket extends StreamServerSocket<AsyncSocket> {
  /** The default for how many connections may wait to be accepted; the system may allow fewer. */
  public static final int DEFAULT_BACKLOG = 1024;

  private AsyncServerSocket(ListenerHandle handle, InetSocketAddress local) {
    super(handle, local);
  }

  /**
   * Listens on all addresses of the machine.
   *
   * @param port 0 for any free port, which {@link #localAddress} returns
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncServerSocket listen(int port) throws IOException {
    return listen(new InetSocketAddress(port));
  }

  /**
   * Listens on one address.
   *
   * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
   */
  public static AsyncServerSocket listen(InetSocketAddress local) throws IOException {
    return listen(local, DEFAULT_BACKLOG, false);
  }

  /**
   * Listens on one address, with a backlog and with {@code SO_REUSEPORT}.
   *
   * @param backlog how many connections may wait to be accepted
   * @param sharePort whether other sockets with this option may listen on the same port; the kernel
   *     distributes the connections among them
   * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
   * @throws IllegalArgumentException if {@code backlog} is not positive
   */
  public static AsyncServerSocket listen(InetSocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    Objects.requireNonNull(local, "local");
    if (backlog <= 0) {
      throw new IllegalArgumentException("backlog must be positive: " + backlog);
    }
    return listening(Backends.platform().listen(HostNames.resolve(local), backlog, sharePort));
  }

  private static AsyncServerSocket listening(ListenerHandle handle) throws IOException {
    try {
      return new AsyncServerSocket(handle, (InetSocketAddress) handle.localAddress());
    } catch (IOException unknownAddress) {
      handle.close();
      throw unknownAddress;
    }
  }

  /**
   * Takes ownership of a listening socket that is already open, such as one from a service manager
   * or from the previous version of a server. From now on {@link #close} closes it, and no other
   * code may. It is set to be closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <pre>{@code
   * Listener<AsyncSocket> listener =
   *     System.getenv("LISTEN_FDS") == null      // started by systemd for a .socket unit?
   *         ? AsyncServerSocket.listen(8080)
   *         : AsyncServerSocket.ofDescriptor(3); // its first descriptor
   * }</pre>
   *
   * <p>Another process may have the same socket, and goes on listening when this one is closed. The
   * two share the state of the socket: it does not block, or its accepts give up after a
   * millisecond ({@code SO_RCVTIMEO}). So the accepts of that process must wait for readiness, as
   * those of this library do.
   *
   * @throws IllegalArgumentException if {@code fd} is negative or not a listening TCP socket; the
   *     message names its kind, and the descriptor stays open
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
   */
  public static AsyncServerSocket ofDescriptor(int fd) throws IOException {
    // A failure leaves the descriptor to the caller, which owns it until then.
    ListenerHandle handle = Backends.platform().openDescriptor(fd).toListener(false);
    return new AsyncServerSocket(handle, (InetSocketAddress) handle.localAddress());
  }

  @Override
  AsyncSocket accepted(StreamHandle connection) {
    return new AsyncSocket(connection, connection.toString());
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) super.localAddress();
  }
}
