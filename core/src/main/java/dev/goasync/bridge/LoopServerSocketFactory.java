package dev.goasync.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes listening sockets for libraries: each is a {@link ServerSocket} in every respect, but in a
 * coroutine {@link ServerSocket#accept} pauses the coroutine, and its loop goes on; and what it
 * accepts are sockets as those of {@link LoopSocketFactory}. On any other thread it blocks the
 * thread.
 *
 * <pre>{@code
 * ServerSocket server = new LoopServerSocketFactory().createServerSocket(8080);
 * }</pre>
 *
 * <p><b>Threads.</b> Any number may accept at once, and take turns.
 *
 * <p><b>Errors.</b> As the JDK's throw them: a {@link java.net.SocketException}, or a {@link
 * java.net.SocketTimeoutException}, after which the socket can still be used.
 *
 * <p><b>Cancellation.</b> A cancelled accept takes no connection and throws a {@link
 * java.util.concurrent.CancellationException}; the socket stays open.
 */
public final class LoopServerSocketFactory extends ServerSocketFactory {
  private static final LoopServerSocketFactory DEFAULT = new LoopServerSocketFactory();

  /** A backlog below 1 is the JDK's default. */
  private static final int DEFAULT_BACKLOG = 0;

  /** For libraries that are given the name of a class, too. All factories are alike. */
  public LoopServerSocketFactory() {}

  /** A factory, for libraries that ask the class for it. */
  public static ServerSocketFactory getDefault() {
    return DEFAULT;
  }

  /** A socket that is not bound. */
  @Override
  public ServerSocket createServerSocket() {
    return new LoopServerSocket();
  }

  /**
   * A socket that listens on all addresses of the machine.
   *
   * @param port 0 for any free one
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, DEFAULT_BACKLOG, null);
  }

  /**
   * Like the other.
   *
   * @param backlog how many connections may wait to be accepted; below 1 for the default
   */
  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  /**
   * Like the other, on one address.
   *
   * @param local null for all addresses
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
