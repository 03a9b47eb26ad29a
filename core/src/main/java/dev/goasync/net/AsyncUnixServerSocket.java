package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * A Unix socket that takes connections from within the machine.
 *
 * <pre>{@code
 * var listener = AsyncUnixServerSocket.listen(Path.of("/run/app.sock"));
 * try (Server server = Server.with().serve(listener, connection -> answer(connection))) {
 *   server.await();
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Any number may accept at once; each connection goes to one of them.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #accept} takes no connection; the socket stays open.
 */
public final class AsyncUnixServerSocket implements Listener<AsyncUnixSocket> {
  final ListenerHandle handle;
  private final SocketAddress local;
  private volatile boolean open = true;

  private AsyncUnixServerSocket(ListenerHandle handle, SocketAddress local) {
    this.handle = handle;
    this.local = local;
  }

  /**
   * Listens at a file, which is made here and removed at the close.
   *
   * @throws java.net.BindException if there is such a file already, be it of a program that died
   * @throws java.net.SocketException if the file cannot be made, or its path is too long
   */
  public static AsyncUnixServerSocket listen(Path path) throws IOException {
    return listen(UnixDomainSocketAddress.of(path));
  }

  /**
   * Listens at an address: a {@link UnixDomainSocketAddress} or an {@linkplain
   * AsyncUnixSocket#abstractAddress abstract} one.
   *
   * @throws java.net.BindException if the address is in use
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is none of these
   */
  public static AsyncUnixServerSocket listen(SocketAddress local) throws IOException {
    AsyncUnixSocket.checkType(local);
    int backlog = AsyncServerSocket.DEFAULT_BACKLOG;
    return new AsyncUnixServerSocket(Backends.platform().listen(local, backlog, false), local);
  }

  /**
   * Takes over a socket that listens already that is open already: from a service manager, or from
   * the version of the server before. From now on it is closed by {@link #close}, and by nobody
   * else. It is closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <p>Others may have the same socket, and go on to listen when this is closed, which leaves the
   * file. That it does not block, or gives an accept up after a millisecond (<code>SO_RCVTIMEO
   * </code>), is a state that they share: their accepts must wait for readiness, as ours do.
   *
   * @throws IllegalArgumentException if {@code fd} is negative, or no listening Unix socket; the
   *     message says what it is, and it stays open
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static AsyncUnixServerSocket ofDescriptor(int fd) throws IOException {
    ListenerHandle handle = Backends.platform().openDescriptor(fd).toListener(true);
    return new AsyncUnixServerSocket(handle, handle.localAddress());
  }

  /**
   * Waits for a connection.
   *
   * @throws java.net.SocketException if the system cannot take it, such as for want of descriptors
   * @throws java.nio.channels.ClosedChannelException if this socket is closed; {@link
   *     java.nio.channels.AsynchronousCloseException} if meanwhile
   */
  @Override
  public AsyncUnixSocket accept() throws IOException {
    StreamHandle stream = handle.accept();
    return new AsyncUnixSocket(stream, "accepted at " + local);
  }

  /** Whether an accept would not wait: a connection is there, or an error. */
  public Readiness acceptable() {
    return new HandleReadiness("a connection to " + this, handle, Direction.INPUT);
  }

  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Stops listening and removes the file; accepts under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again does nothing.
   *
   * <p>If the socket was {@linkplain #ofDescriptor taken over} or {@linkplain
   * AsyncUnixSocket#sendDescriptors passed on}, the others go on to listen, and the file stays.
   */
  @Override
  public void close() throws IOException {
    SocketAddress bound = open && !handle.isShared() ? local : null;
    open = false;
    SocketFiles.closeAndRemove(handle, bound);
  }

  @Override
  public String toString() {
    return "AsyncUnixServerSocket[" + local + (open ? "]" : ", closed]");
  }
}
