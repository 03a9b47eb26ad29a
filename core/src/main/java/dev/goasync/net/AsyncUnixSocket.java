package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A connection between Unix sockets, within the machine.
 *
 * <pre>{@code
 * try (var socket = AsyncUnixSocket.connect(Path.of("/run/postgresql/.s.PGSQL.5432"))) {
 *   socket.writeAll(startup);
 * }
 * }</pre>
 *
 * <p>What holds of threads, errors and cancellation says {@link StreamSocket}.
 */
public final class AsyncUnixSocket extends StreamSocket {
  AsyncUnixSocket(StreamHandle handle, String name) {
    super(handle, name);
  }

  /**
   * Connects to the socket whose file is {@code path}.
   *
   * @throws java.net.ConnectException if nobody listens there
   * @throws java.net.SocketException if there is no such file, or its path is too long for a socket
   */
  public static AsyncUnixSocket connect(Path path) throws IOException {
    return connect(UnixDomainSocketAddress.of(path));
  }

  /**
   * Connects to an address: a {@link UnixDomainSocketAddress} or an {@linkplain #abstractAddress
   * abstract} one.
   *
   * @throws java.net.ConnectException if nobody listens there
   * @throws UnsupportedAddressTypeException if it is none of these
   */
  public static AsyncUnixSocket connect(SocketAddress remote) throws IOException {
    checkType(remote);
    return new AsyncUnixSocket(Backends.platform().connect(remote, null), remote.toString());
  }

  /**
   * The address of a socket without a file: a name in the kernel, which is gone with the socket.
   *
   * @throws UnsupportedOperationException if the backend has no such names
   */
  public static SocketAddress abstractAddress(String name) {
    return Backends.platform().abstractAddress(Objects.requireNonNull(name, "name"));
  }

  static void checkType(SocketAddress address) {
    if (Objects.requireNonNull(address, "address") instanceof InetSocketAddress) {
      throw new UnsupportedAddressTypeException();
    }
  }

  @Override
  public <T> AsyncUnixSocket setOption(SocketOption<T> option, T value) throws IOException {
    super.setOption(option, value);
    return this;
  }
}
