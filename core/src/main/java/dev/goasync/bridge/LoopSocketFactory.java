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
 * Creates {@code java.net} sockets for libraries. Each behaves as a {@link Socket} of the JDK, but
 * in a coroutine its operations pause the coroutine instead of blocking its loop. On any other
 * thread they block the thread.
 *
 * <pre>{@code
 * SocketFactory factory = new LoopSocketFactory();       // for a library that takes a factory
 * var properties = new Properties();                     // for one that takes a name, as pgjdbc
 * properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
 * }</pre>
 *
 * <p>The look-up of a host name does not block the loop, not even that of an unresolved address in
 * {@link Socket#connect(SocketAddress)}. No proxy is used.
 *
 * <p><b>Threads.</b> Any number of callers may use a socket at once; readers, and writers, are
 * served in the order of arrival.
 *
 * <p><b>Errors.</b> Those of the JDK's sockets: a {@link SocketException}, or a {@link
 * java.net.SocketTimeoutException}, after which the socket can still be used unless it was
 * connecting.
 *
 * <p><b>Cancellation.</b> A cancel or an interrupt that ends a wait of a connect, read or write
 * closes the socket, and the operation throws a {@link SocketException}. A library that went on
 * with the connection could resume in the middle of a response.
 *
 * <p>docs/COMPATIBILITY.md describes the locks of some libraries.
 */
public final class LoopSocketFactory extends SocketFactory {
  private static final LoopSocketFactory DEFAULT = new LoopSocketFactory();

  /** Creates a factory; a library may do so by the name of the class. All factories are equal. */
  public LoopSocketFactory() {}

  /** Returns a factory, for libraries that call this static method by reflection. */
  public static SocketFactory getDefault() {
    return DEFAULT;
  }

  /** Creates a socket that is not connected. */
  @Override
  public Socket createSocket() throws SocketException {
    return new LoopSocket();
  }

  /**
   * Creates a socket that is connected to a host.
   *
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if the connection is refused
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port), null);
  }

  /**
   * Creates a socket that is connected to a host from a given local address.
   *
   * @param localHost null for any address
   * @param localPort 0 for any free port
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.BindException if the local address is in use, or not of this machine
   * @throws java.net.ConnectException if the connection is refused
   * @throws IllegalArgumentException if a port is not in 0..65535
   */
  @Override
  public Socket createSocket(String host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        InetSocketAddress.createUnresolved(host, port),
        new InetSocketAddress(localHost, localPort));
  }

  /**
   * Creates a socket that is connected to an address.
   *
   * @throws java.net.ConnectException if the connection is refused
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(Objects.requireNonNull(host, "host"), port), null);
  }

  /**
   * Creates a socket that is connected to an address from a given local address.
   *
   * @param localHost null for any address
   * @param localPort 0 for any free port
   * @throws java.net.BindException if the local address is in use, or not of this machine
   * @throws java.net.ConnectException if the connection is refused
   * @throws IllegalArgumentException if a port is not in 0..65535
   */
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
