package dev.goasync.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates listening {@code java.net} sockets for libraries. Each behaves as a {@link ServerSocket}
 * of the JDK, but in a coroutine {@link ServerSocket#accept} pauses the coroutine instead of
 * blocking its loop. On any other thread it blocks the thread. Accepted sockets are as those of
 * {@link LoopSocketFactory}.
 *
 * <pre>{@code
 * ServerSocket server = new LoopServerSocketFactory().createServerSocket(8080);
 * }</pre>
 *
 * <p><b>Threads.</b> Any number of callers may accept at once; they are served in the order of
 * arrival.
 *
 * <p><b>Errors.</b> Those of the JDK's sockets: a {@link java.net.SocketException}, or a {@link
 * java.net.SocketTimeoutException}, after which the socket can still be used.
 *
 * <p><b>Cancellation.</b> A cancelled accept takes no connection and throws a {@link
 * java.util.concurrent.CancellationException}; the socket stays open.
 */
public final class LoopServerSocketFactory extends ServerSocketFactory {
  private static final LoopServerSocketFactory DEFAULT = new LoopServerSocketFactory();

  /** The JDK replaces a backlog below 1 by its default. */
  private static final int DEFAULT_BACKLOG = 0;

  /** Creates a factory; a library may do so by the name of the class. All factories are equal. */
  public LoopServerSocketFactory() {}

  /** Returns a factory, for libraries that call this static method by reflection. */
  public static ServerSocketFactory getDefault() {
    return DEFAULT;
  }

  /** Creates a socket that is not bound. */
  @Override
  public ServerSocket createServerSocket() {
    return new LoopServerSocket();
  }

  /**
   * Creates a socket that listens on all addresses of the machine.
   *
   * @param port 0 for any free port
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, DEFAULT_BACKLOG, null);
  }

  /**
   * Creates a socket that listens on all addresses of the machine, with a backlog.
   *
   * @param port 0 for any free port
   * @param backlog how many connections may wait to be accepted; below 1 for the default
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  /**
   * Creates a socket that listens on one address of the machine, with a backlog.
   *
   * @param port 0 for any free port
   * @param backlog how many connections may wait to be accepted; below 1 for the default
   * @param local null for all addresses
   * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress local)
      throws IOException {
    LoopServerSocket socket = new LoopServerSocket();
    boolean listens = false;
    try {
      socket.bind(new InetSocketAddress(local, port), backlog);
      listens = true;
      return socket;
    } finally {
      if (!listens) {
        socket.close();
      }
    }
  }
}
