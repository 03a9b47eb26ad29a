package dev.goasync.net;

import dev.goasync.file.AsyncFile;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
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
  /** The most descriptors that can be passed at once. */
  public static final int MAX_DESCRIPTORS = 253;

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
   * Takes over a connection that is open already, such as one end of a socket pair. From now on it
   * is closed by {@link #close}, and by nobody else. It is closed when a program is started ({@code
   * FD_CLOEXEC}).
   *
   * <p>Whether it blocks is a state that is shared with whoever has the same socket open; it is set
   * as the backend needs it.
   *
   * @throws IllegalArgumentException if {@code fd} is negative, or no Unix socket of streams that
   *     is to connect; the message says what it is, and it stays open
   * @throws IOException if no such descriptor is open
   * @throws java.net.SocketException if it is not connected
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static AsyncUnixSocket ofDescriptor(int fd) throws IOException {
    StreamHandle handle = Backends.platform().openDescriptor(fd).toStream(true);
    return new AsyncUnixSocket(handle, handle.toString());
  }

  /**
   * The address of a socket without a file: a name in the kernel, which is gone with the socket.
   *
   * @throws UnsupportedOperationException if the backend has no such names
   */
  public static SocketAddress abstractAddress(String name) {
    return Backends.platform().abstractAddress(Objects.requireNonNull(name, "name"));
  }

  /**
   * Writes all of {@code bytes}, and passes descriptors along, with the first of them: to another
   * process, which gets its own number of each, or to another socket of this one.
   *
   * <pre>{@code
   * // of the old version of a server
   * try (var next = AsyncUnixSocket.connect(Path.of("/run/app/next.sock"))) {
   *   next.sendDescriptors(ByteBuffer.wrap("listener".getBytes(UTF_8)), listener);
   * }
   * server.close();                 // clients that come meanwhile wait for the new one
   * }</pre>
   *
   * <p>What is passed stays open here. Position, options and whether it blocks are shared from then
   * on; a listening socket goes on when it is closed here. Bytes of a connection that a text reader
   * has read ahead do not go with it. What is in {@link #writer} must be flushed before.
   *
   * <p>How it blocks depends on the backend: a program that is not of this library sets what it
   * needs, {@code O_NONBLOCK} and of a listening socket also {@code SO_RCVTIMEO}, or waits for
   * readiness first.
   *
   * <p>Cancelled, or failed, before the first byte was written, nothing is passed; else the
   * position of {@code bytes} tells how much was written.
   *
   * @param open what to pass: {@link AsyncFile}, {@link AsyncSocket}, {@link AsyncUnixSocket},
   *     {@link AsyncServerSocket} or {@link AsyncUnixServerSocket}; at most {@value
   *     #MAX_DESCRIPTORS}
   * @throws IllegalArgumentException if {@code bytes} is empty, or {@code open} is empty, too long,
   *     or has what is closed or of another kind; nothing is sent
   * @throws java.net.SocketException if bytes of a passed connection have come already and were not
   *     read; nothing is sent
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public void sendDescriptors(ByteBuffer bytes, Channel... open) throws IOException {
    if (!bytes.hasRemaining()) {
      throw new IllegalArgumentException("bytes is empty: descriptors go along with bytes");
    }
    if (open.length == 0 || open.length > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "at once 1 to " + MAX_DESCRIPTORS + " descriptors can be passed, not " + open.length);
    }
    handle.sendDescriptors(bytes, Arrays.stream(open).map(AsyncUnixSocket::toPass).toList());
    writeAll(bytes);
  }

  private static Object toPass(Channel channel) {
    Object passed =
        switch (Objects.requireNonNull(channel, "open")) {
          case AsyncServerSocket listener -> listener.handle;
          case AsyncUnixServerSocket listener -> listener.handle;
          case AsyncFile file -> endpointOf(file);
          case StreamSocket socket -> socket.handle;
          default -> null;
        };
    if (passed == null) {
      throw new IllegalArgumentException("not a kind of channel that can be passed: " + channel);
    }
    return passed;
  }

  /**
   * Waits for bytes and takes what is there, like {@link #read(ByteBuffer)}, and the descriptors
   * that were passed with them. The bytes that came with descriptors are the last of those that one
   * call takes, perhaps behind others.
   *
   * <pre>{@code
   * List<PassedDescriptor> passed = new ArrayList<>();
   * socket.receiveDescriptors(ByteBuffer.allocate(100), passed);
   * try (PassedDescriptor first = passed.getFirst();
   *     AsyncServerSocket listener = first.toServerSocket()) {
   *   serve(listener);
   * }
   * }</pre>
   *
   * <p>Bytes that a text reader has read ahead come first, without descriptors: the kernel closes
   * those of bytes that other reads take. So read what may come with descriptors by this.
   *
   * <p>Cancelled, nothing was received: neither bytes nor descriptors are lost.
   *
   * @param into where they are added; its owner closes what he does not take over. If it throws,
   *     that descriptor and those after it are closed
   * @return the count of bytes, or -1 at the end
   * @throws java.net.SocketException also if this process has no descriptors left for some that
   *     came: all of this message are closed then, and the bytes are in {@code target}
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public int receiveDescriptors(ByteBuffer target, Collection<? super PassedDescriptor> into)
      throws IOException {
    Objects.requireNonNull(into, "into");
    return read(
        target,
        room ->
            handle.receiveDescriptors(
                room,
                number ->
                    into.add(new PassedDescriptor(Backends.platform().openDescriptor(number)))));
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
