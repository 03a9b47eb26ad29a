package dev.goasync.net;

import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A listening socket that accepts connections, by TCP ({@link AsyncServerSocket}) or between Unix
 * sockets ({@link AsyncUnixServerSocket}). In a coroutine {@link #accept} pauses the coroutine; on
 * any other thread it blocks the thread.
 *
 * <p>A {@link Server} accepts by itself and gives each connection a coroutine.
 *
 * <p><b>Threads.</b> Any number of callers may accept at once; each connection goes to one of them.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #accept} takes no connection; the socket stays open.
 *
 * @param <C> the type of the connections
 */
public abstract sealed class StreamServerSocket<C extends StreamSocket> implements Listener<C>
    permits AsyncServerSocket, AsyncUnixServerSocket {
  final ListenerHandle handle;
  private final SocketAddress local;
  private volatile boolean open = true;

  StreamServerSocket(ListenerHandle handle, SocketAddress local) {
    this.handle = handle;
    this.local = local;
  }

  /** Makes the socket of an accepted connection. */
  abstract C accepted(StreamHandle connection);

  /**
   * Waits for a connection.
   *
   * @throws java.net.SocketException if the system cannot accept it, for example because the
   *     process has too many open descriptors
   * @throws java.nio.channels.ClosedChannelException if this socket is closed; {@link
   *     java.nio.channels.AsynchronousCloseException} if it is closed during the call
   */
  @Override
  public final C accept() throws IOException {
    return accepted(handle.accept());
  }

  /** Whether an accept would return without waiting: with a connection, or with an exception. */
  public final Readiness acceptable() {
    return new HandleReadiness("a connection to " + this, handle, Direction.INPUT);
  }

  /** The address that this socket listens on, with the port that was chosen. */
  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  /**
   * Stops listening. Accepts that wait end with {@link
   * java.nio.channels.AsynchronousCloseException}. TCP connections that were not accepted are
   * reset. The file of a Unix socket is removed. Closing again has no effect.
   *
   * <p>A socket that another process has too, because it was opened by {@code ofDescriptor} or was
   * sent by {@link AsyncUnixSocket#sendDescriptors}, goes on listening there: that process gets the
   * connections that were not accepted here, and the file stays.
   */
  @Override
  public final void close() throws IOException {
    SocketAddress file = open && !handle.isShared() ? local : null;
    open = false;
    SocketFiles.closeAndRemove(handle, file);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + local + (open ? "]" : ", closed]");
  }
}
