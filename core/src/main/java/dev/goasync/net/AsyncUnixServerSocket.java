package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * A listening Unix socket that accepts connections from the same machine. In a coroutine {@link
 * #accept} pauses the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * var listener = AsyncUnixServerSocket.listen(Path.of("/run/app.sock"));
 * try (Server server = Server.with().serve(listener, connection -> connection.writeAll("hi\n"))) {
 *   server.await();
 * }
 * }</pre>
 *
 * <p>Threads, cancellation and close are described in {@link StreamServerSocket}.
 */
public final class AsyncUnixServerSocket extends StreamServerSocket<AsyncUnixSocket> {
  private AsyncUnixServerSocket(ListenerHandle handle, SocketAddress local) {
    super(handle, local);
  }

  /**
   * Listens at a file, which is created here and removed by {@link #close}.
   *
   * @throws java.net.BindException if the file exists, even if the program that made it has ended
   * @throws java.net.SocketException if the file cannot be created, or its path is too long
   */
  public static AsyncUnixServerSocket listen(Path path) throws IOException {
    return listen(UnixDomainSocketAddress.of(path));
  }

  /**
   * Listens at an address: a {@link UnixDomainSocketAddress} or an {@linkplain
   * AsyncUnixSocket#abstractAddress abstract} one.
   *
   * @throws java.net.BindException if the address is in use
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is of another type
   */
  public static AsyncUnixServerSocket listen(SocketAddress local) throws IOException {
    AsyncUnixSocket.checkType(local);
    int backlog = AsyncServerSocket.DEFAULT_BACKLOG;
    return new AsyncUnixServerSocket(Backends.platform().listen(local, backlog, false), local);
  }

  /**
   * Takes ownership of a listening Unix socket that is already open, such as one from a service
   * manager or from the previous version of a server. From now on {@link #close} closes it, and no
   * other code may. It is set to be closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <p>Another process may have the same socket, and goes on listening when this one is closed,
   * which leaves the file. The two share the state of the socket: it does not block, or its accepts
   * give up after a millisecond ({@code SO_RCVTIMEO}). So the accepts of that process must wait for
   * readiness, as those of this library do.
   *
   * @throws IllegalArgumentException if {@code fd} is negative or not a listening Unix socket; the
   *     message names its kind, and the descriptor stays open
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
   */
  public static AsyncUnixServerSocket ofDescriptor(int fd) throws IOException {
    ListenerHandle handle = Backends.platform().openDescriptor(fd).toListener(true);
    return new AsyncUnixServerSocket(handle, handle.localAddress());
  }

  @Override
  AsyncUnixSocket accepted(StreamHandle connection) {
    return new AsyncUnixSocket(connection, "accepted at " + localAddress());
  }
}
