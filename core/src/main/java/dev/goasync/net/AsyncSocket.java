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
 * A TCP connection.
 *
 * <pre>{@code
 * try (var socket = AsyncSocket.connect("localhost", 7)) {
 *   socket.writeAll("hello\n");
 *   System.out.println(socket.readLine());
 * }
 * }</pre>
 *
 * <p>What holds of threads, errors and cancellation says {@link StreamSocket}.
 */
public final class AsyncSocket extends StreamSocket {
  AsyncSocket(StreamHandle handle, String name) {
    super(handle, name);
  }

  /**
   * Connects to the address of {@code host} that answers first. A coroutine begins with the next
   * address when one has not answered for a quarter of a second (RFC 8305, "happy eyeballs"); a
   * plain thread tries one after the other.
   *
   * @param host a name, or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if all addresses refuse; the first one's, the others
   *     suppressed
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
   * Like {@link #connect(String, int)}, for at most {@code limit}, the look-up of the name
   * included.
   *
   * @throws SocketTimeoutException if nobody answered in time
   * @throws IllegalArgumentException if {@code limit} is negative, or {@code port} not in 0..65535
   */
  public static AsyncSocket connect(String host, int port, Duration limit) throws IOException {
    try {
      return GoAsync.<AsyncSocket, IOException>withTimeout(limit, () -> connect(host, port));
    } catch (DeadlineExceededException late) {
      var timeout =
          new SocketTimeoutException(
              "connecting to " + host + ":" + port + " took longer than " + limit);
      timeout.initCause(late);
      throw timeout;
    }
  }

  /**
   * Connects from an address of ours, to choose the interface or the port.
   *
   * @param local port 0 for any free one
   * @throws java.net.BindException if {@code local} is in use, or not ours
   * @throws java.net.ConnectException if it is refused
   */
  public static AsyncSocket connect(InetSocketAddress remote, InetSocketAddress local)
      throws IOException {
    return connectResolved(
        HostNames.resolve(Objects.requireNonNull(remote, "remote")),
        HostNames.resolve(Objects.requireNonNull(local, "local")));
  }

  /**
   * Connects to an address; a name in it is resolved first.
   *
   * @throws java.net.ConnectException if it is refused
   * @throws UnsupportedAddressTypeException if it is no {@link InetSocketAddress}
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
   * Takes over a connection that is open already: one that a super-server accepted, or that a
   * library made. From now on it is closed by {@link #close}, and by nobody else. It is closed when
   * a program is started ({@code FD_CLOEXEC}).
   *
   * <p>Whether it blocks is a state that is shared with whoever has the same socket open; it is set
   * as the backend needs it.
   *
   * @throws IllegalArgumentException if {@code fd} is negative, or no TCP socket that is to
   *     connect; the message says what it is, and it stays open
   * @throws IOException if no such descriptor is open
   * @throws java.net.SocketException if it is not connected, or not any more
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static AsyncSocket ofDescriptor(int fd) throws IOException {
    StreamHandle handle = Backends.platform().openDescriptor(fd).toStream(false);
    return new AsyncSocket(handle, handle.toString());
  }

  private static AsyncSocket connectResolved(
      InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
    return new AsyncSocket(Backends.platform().connect(remote, local), remote.toString());
  }

  /** Our end's address. */
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
