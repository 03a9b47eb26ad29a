package dev.goasync.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets for libraries: each is a {@link Socket} in every respect, but in a coroutine its
 * operations pause the coroutine, and its loop goes on. On any other thread they block the thread.
 *
 * <pre>{@code
 * var client = new OkHttpClient.Builder().socketFactory(new LoopSocketFactory()).build();
 *
 * properties.setProperty("socketFactory", LoopSocketFactory.class.getName()); // of pgjdbc
 * }</pre>
 *
 * <p>A host's name is looked up without blocking the loop, also one in an unresolved address that
 * is given to {@link Socket#connect(SocketAddress)}. No proxy is used.
 *
 * <p><b>Threads.</b> As the JDK's: any number may use a socket at once, and take turns.
 *
 * <p><b>Errors.</b> As the JDK's sockets throw them: a {@link SocketException}, or a {@link
 * java.net.SocketTimeoutException}, after which the socket can still be used unless it was
 * connecting.
 *
 * <p><b>Cancellation.</b> A cancel, or an interrupt of the coroutine or the thread, that comes
 * while a socket connects, reads or writes closes the socket, and the operation ends with a {@link
 * SocketException}: who speaks a protocol over it might else go on in the middle of an answer.
 *
 * <p>What the libraries themselves do with locks stands in docs/BACKENDS.md, under "Libraries".
 */
public final class LoopSocketFactory extends SocketFactory {
  private static final LoopSocketFactory DEFAULT = new LoopSocketFactory();

  /** For libraries that are given the name of a class, too. All factories are alike. */
  public LoopSocketFactory() {}

  /** A factory, for libraries that ask the class for it. */
  public static SocketFactory getDefault() {
    return DEFAULT;
  }

  /** A socket that is not connected. */
  @Override
  public Socket createSocket() throws SocketException {
    return new LoopSocket();
  }

  /**
   * A socket that is connected to a host.
   *
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if it is refused
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port), null);
  }

  /** Like the other, from an address of ours. */
  @Override
  public Socket createSocket(String host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        InetSocketAddress.createUnresolved(host, port),
        new InetSocketAddress(localHost, localPort));
  }

  /**
   * A socket that is connected to an address.
   *
   * @throws java.net.ConnectException if it is refused
   */
  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(Objects.requireNonNull(host, "host"), port), null);
  }

  /** Like the other, from an address of ours. */
  @Override
  public Socket createSocket(
      InetAddress host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        new InetSocketAddress(Objects.requireNonNull(host, "host"), port),
        new InetSocketAddress(localHost, localPort));
  }

  private static Socket connected(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    LoopSocket socket = new LoopSocket();
    boolean connected = false;
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(remote);
      connected = true;
      return socket;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }
}
