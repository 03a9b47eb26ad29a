package dev.goasync.net;

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
 * A connection between Unix sockets of one machine. In a coroutine each operation pauses the
 * coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var socket = AsyncUnixSocket.connect(Path.of("/run/app.sock"))) {
 *   socket.writeAll("hello\n");
 *   System.out.println(socket.readLine());
 * }
 * }</pre>
 *
 * <p>Threads, errors and cancellation are described in {@link StreamSocket}.
 */
public final class AsyncUnixSocket extends StreamSocket {
  /** The maximum number of descriptors in one {@link #sendDescriptors}. */
  public static final int MAX_DESCRIPTORS = 253;

  AsyncUnixSocket(StreamHandle handle, String name) {
    super(handle, name);
  }

  /**
   * Connects to the socket whose file is {@code path}.
   *
   * @throws java.net.ConnectException if no socket listens there
   * @throws java.net.SocketException if there is no such file, or its path is too long for a socket
   */
  public static AsyncUnixSocket connect(Path path) throws IOException {
    return connect(UnixDomainSocketAddress.of(path));
  }

  /**
   * Connects to an address: a {@link UnixDomainSocketAddress} or an {@linkplain #abstractAddress
   * abstract} one.
   *
   * @throws java.net.ConnectException if no socket listens there
   * @throws UnsupportedAddressTypeException if it is of another type
   */
  public static AsyncUnixSocket connect(SocketAddress remote) throws IOException {
    checkType(remote);
    return new AsyncUnixSocket(Backends.platform().connect(remote, null), remote.toString());
  }

  /**
   * Takes ownership of a connection that is already open, such as one end of a socket pair. From
   * now on {@link #close} closes it, and no other code may. It is set to be closed when a program
   * is started ({@code FD_CLOEXEC}).
   *
   * <p>Another process that has the same socket shares its blocking mode ({@code O_NONBLOCK}),
   * which is set as the backend needs it.
   *
   * @throws IllegalArgumentException if {@code fd} is negative or not a Unix stream socket, or if
   *     it listens; the message names its kind, and the descriptor stays open
   * @throws IOException if no such descriptor is open
   * @throws java.net.SocketException if the socket is not connected
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
   */
  public static AsyncUnixSocket ofDescriptor(int fd) throws IOException {
    StreamHandle handle = Backends.platform().openDescriptor(fd).toStream(true);
    return new AsyncUnixSocket(handle, handle.toString());
  }

  /**
   * The address of a socket without a file: a name in the kernel's abstract namespace, which
   * disappears with the socket.
   *
   * @throws UnsupportedOperationException if the backend has no abstract addresses
   */
  public static SocketAddress abstractAddress(String name) {
    return Backends.platform().abstractAddress(Objects.requireNonNull(name, "name"));
  }

  /**
   * Writes all of {@code bytes} and sends descriptors with the first byte ({@code SCM_RIGHTS}). The
   * receiver is another process, which gets a number of its own for each, or another socket of this
   * process.
   *
   * <pre>{@code
   * // in the old version of a server
   * try (var next = AsyncUnixSocket.connect(Path.of("/run/app/next.sock"))) {
   *   next.sendDescriptors(ByteBuffer.wrap("listener".getBytes(UTF_8)), listener);
   * }
   * server.close();                 // new clients wait for the new version
   * }</pre>
   *
   * <p>A channel that was sent stays open here. From then on both processes share its position, its
   * options and its blocking mode; a listening socket goes on listening there after it is closed
   * here. Bytes of a connection that a reader has buffered are not sent. Bytes in {@link #writer}
   * must be flushed before.
   *
   * <p>The blocking mode depends on the backend. A receiver that does not use this library sets the
   * mode it needs ({@code O_NONBLOCK}, for a listening socket also {@code SO_RCVTIMEO}), or waits
   * for readiness first.
   *
   * <p>If the call is cancelled or fails before the first byte was written, nothing is sent; else
   * the position of {@code bytes} shows how many bytes were written.
   *
   * @param channels files ({@code AsyncFile}), {@link AsyncSocket}, {@link AsyncUnixSocket}, {@link
   *     AsyncServerSocket} or {@link AsyncUnixServerSocket}; at most {@value #MAX_DESCRIPTORS}
   * @throws IllegalArgumentException if {@code bytes} is empty, or {@code channels} is empty, too
   *     long, or has a channel that is closed or of another kind; nothing is sent
   * @throws java.net.SocketException if bytes of a connection to be sent have arrived and were not
   *     read; nothing is sent
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
   */
  public void sendDescriptors(ByteBuffer bytes, Channel... channels) throws IOException {
    if (!bytes.hasRemaining()) {
      throw new IllegalArgumentException("bytes is empty: descriptors are sent with a byte");
    }
    if (channels.length == 0 || channels.length > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "the number of channels must be in 1.." + MAX_DESCRIPTORS + ": " + channels.length);
    }
    handle.sendDescriptors(bytes, Arrays.stream(channels).map(AsyncUnixSocket::handleOf).toList());
    writeAll(bytes);
  }

  private static Object handleOf(Channel channel) {
    Object sent =
        Objects.requireNonNull(channel, "channels") instanceof StreamServerSocket<?> listener
            ? listener.handle
            : endpointOf(channel);
    if (sent == null) {
      throw new IllegalArgumentException("a channel of this kind cannot be sent: " + channel);
    }
    return sent;
  }

  /**
   * Waits for bytes and takes those that are there, as {@link #read(ByteBuffer)} does, with the
   * descriptors that were sent with them. The bytes that came with descriptors are the last that
   * one call takes; other bytes may precede them.
   *
   * <pre>{@code
   * List<PassedDescriptor> received = new ArrayList<>();
   * socket.receiveDescriptors(ByteBuffer.allocate(100), received);
   * try (PassedDescriptor first = received.getFirst();
   *     AsyncServerSocket listener = first.toServerSocket()) {
   *   System.out.println("listening at " + listener.localAddress());
   * }
   * }</pre>
   *
   * <p>Bytes that a reader has buffered come first, without descriptors: when another read takes
   * bytes, the kernel closes the descriptors that were sent with them. So use this method for all
   * bytes that may come with descriptors.
   *
   * <p>A cancelled call has received nothing: neither bytes nor descriptors are lost.
   *
   * @param into the descriptors are added to it; its owner closes those that it does not open. If
   *     adding throws, that descriptor and those after it are closed
   * @return the count of bytes, or -1 at the end
   * @throws java.net.SocketException also if this process has too many open descriptors for those
   *     that came: all of this message are closed then, and the bytes are in {@code target}
   * @throws UnsupportedOperationException on the backend {@code nio}, which has no descriptors
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
