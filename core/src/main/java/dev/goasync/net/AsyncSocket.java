package dev.goasync.net;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. In a coroutine each operation pauses the coroutine; on any other thread it
 * blocks the thread.
 *
 * <pre>{@code
 * try (var socket = AsyncSocket.connect("localhost", 7)) {
 *   socket.writeAll("hello\n");
 *   System.out.println(socket.readLine());
 * }
 * }</pre>
 *
 * <p>Threads, errors and cancellation are described in {@link StreamSocket}.
 */
public final class AsyncSocket extends StreamSocket {
  AsyncSocket(StreamHandle handle, String name) {
    super(handle, name);
  }

  /**
   * Connects to the address of {@code host} that answers first. A coroutine starts an attempt for
   * the next address when one has not answered for a quarter of a second (RFC 8305, "happy
   * eyeballs"); a plain thread tries the addresses one after another.
   *
   * @param host a name or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if all addresses refuse: the exception of the first, with the
   *     others suppressed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncSocket connect(String host, int port) throws IOException {
    InetSocketAddress.createUnresolved(Objects.requireNonNull(host, "host"), port); // checks both
    List<InetSocketAddress> remotes = new ArrayList<>();
    for (InetAddress address : HostNames.resolve(host)) {
      remotes.add(new InetSocketAddress(address, port));
    }
    return new HappyEyeballs<>(remote -> connectResolved(remote, null)).connect(remotes);
  }

  /**
   * Connects to the address of {@code host} that answers first, as {@link #connect(String, int)}
   * does, within a time limit that includes the look-up of the name.
   *
   * @throws SocketTimeoutException if no address answered in time
   * @throws IllegalArgumentException if {@code timeout} is negative, or {@code port} is not in
   *     0..65535
   */
  public static AsyncSocket connect(String host, int port, Duration timeout) throws IOException {
    try {
      return GoAsync.<AsyncSocket, IOException>withTimeout(timeout, () -> connect(host, port));
    } catch (DeadlineExceededException late) {
      var timedOut =
          new SocketTimeoutException(
              "connecting to " + host + ":" + port + " took longer than " + timeout);
      timedOut.initCause(late);
      throw timedOut;
    }
  }

  /**
   * Connects from a given local address, which chooses the interface or the port.
   *
   * @param local port 0 for any free port
   * @throws java.net.BindException if {@code local} is in use, or not of this machine
   * @throws java.net.ConnectException if the connection is refused
   */
  public static AsyncSocket connect(InetSocketAddress remote, InetSocketAddress local)
      throws IOException {
    return connectResolved(
        HostNames.resolve(Objects.requireNonNull(remote, "remote")),
        HostNames.resolve(Objects.requireNonNull(local, "local")));
  }

  /**
   * Connects to an address; an unresolved address is looked up first.
   *
   * @throws java.net.ConnectException if the connection is refused
   * @throws UnsupportedAddressTypeException if it is not an {@link InetSocketAddress}
   */
  public static AsyncSocket connect(SocketAddress remote) throws IOException {
    Objects.requireNonNull(remote, "remote");
    if (!(remote instanceof InetSocketAddress address)) {
      throw new UnsupportedAddressTypeException();
    }
    return address.isUnresolved()
        ? connect(address.getHostString(), address.getPort())
        : connectResolved(address, null);
  }

  /**
   * Takes ownership of a TCP connection that is already open, such as one that a super-server
   * accepted or that a library made. From now on {@link #close} closes it, and no other code may.
   * It is set to be closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <p>Another process that has the same socket shares its blocking mode ({@code O_NONBLOCK}),
   * which is set as the backend needs it.
   *
   * @throws IllegalArgumentException if {@code fd} is negative or not a TCP socket, or if it
   *     listens; the message names its kind, and the descriptor stays open
   * @throws IOException if no such descriptor is open
   * @throws java.net.SocketException if the socket is not connected
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
   */
  public static AsyncSocket ofDescriptor(int fd) throws IOException {
    StreamHandle handle = Backends.platform().openDescriptor(fd).toStream(false);
    return new AsyncSocket(handle, handle.toString());
  }

  private static AsyncSocket connectResolved(
      InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
    return new AsyncSocket(Backends.platform().connect(remote, local), remote.toString());
  }

  /** The local address. */
  @Override
  public InetSocketAddress localAddress() throws IOException {
    return (InetSocketAddress) super.localAddress();
  }

  /** The peer's address. */
  @Override
  public InetSocketAddress remoteAddress() throws IOException {
    return (InetSocketAddress) super.remoteAddress();
  }

  @Override
  public <T> AsyncSocket setOption(SocketOption<T> option, T value) throws IOException {
    super.setOption(option, value);
    return this;
  }
}
