package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.DatagramHandle;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.io.Readiness;
import dev.goasync.io.Selectable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket: UDP, or Unix. In a coroutine each operation pauses the coroutine; on any other
 * thread it blocks the thread.
 *
 * <pre>{@code
 * try (var socket = AsyncDatagramSocket.bind(5353)) {
 *   ByteBuffer datagram = ByteBuffer.allocate(1500);
 *   SocketAddress sender = socket.receive(datagram);
 *   socket.send(datagram.flip(), sender); // sends it back
 * }
 * }</pre>
 *
 * <p>A datagram arrives whole or not at all. A UDP datagram may be lost, be duplicated, or overtake
 * an earlier one.
 *
 * <p><b>Threads.</b> Any number of callers may send and receive at once.
 *
 * <p><b>Errors.</b> {@link java.net.SocketException}; {@link java.net.PortUnreachableException} if
 * no socket listens at the connected peer's address; {@link
 * java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if another caller closes the socket during the
 * operation; {@link java.io.InterruptedIOException} if a plain thread is interrupted while it
 * waits.
 *
 * <p><b>Cancellation.</b> A cancelled operation has sent or received nothing; the socket stays
 * open.
 */
public final class AsyncDatagramSocket implements Channel, Selectable {
  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private final DatagramHandle handle;
  private volatile @Nullable SocketAddress remote;
  private volatile boolean open = true;

  private AsyncDatagramSocket(DatagramHandle handle) {
    this.handle = handle;
  }

  /**
   * Binds a UDP socket to a port on all addresses of the machine.
   *
   * @param port 0 for any free port, which {@link #localAddress} returns
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncDatagramSocket bind(int port) throws IOException {
    return bind(new InetSocketAddress(port));
  }

  /**
   * Binds a socket to an address: an {@link InetSocketAddress}, or that of a Unix socket, whose
   * file is created here and removed by {@link #close}.
   *
   * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is of another type
   * @throws UnsupportedOperationException if the backend has no such sockets
   */
  public static AsyncDatagramSocket bind(SocketAddress local) throws IOException {
    return bind(local, false);
  }

  /**
   * Binds a socket to an address, as {@link #bind(SocketAddress)} does, with {@code SO_REUSEPORT}.
   *
   * @param sharePort whether other sockets with this option may bind the same port: each receives
   *     all datagrams of the multicast groups that it joined, and a share of the rest
   */
  public static AsyncDatagramSocket bind(SocketAddress local, boolean sharePort)
      throws IOException {
    SocketAddress resolved = HostNames.resolve(Objects.requireNonNull(local, "local"));
    return new AsyncDatagramSocket(Backends.platform().openDatagrams(resolved, sharePort));
  }

  /**
   * Connects a new socket to one peer: it receives only the peer's datagrams, and {@link
   * #send(ByteBuffer)} sends to the peer.
   *
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is neither an {@link
   *     InetSocketAddress} nor the address of a Unix socket
   */
  public static AsyncDatagramSocket connect(SocketAddress remote) throws IOException {
    SocketAddress peer = HostNames.resolve(Objects.requireNonNull(remote, "remote"));
    AsyncDatagramSocket socket =
        bind(peer instanceof InetSocketAddress ? new InetSocketAddress(0) : UNNAMED);
    try {
      socket.setPeer(peer);
      return socket;
    } catch (IOException | RuntimeException refused) {
      socket.close();
      throw refused;
    }
  }

  /**
   * Connects this socket to one peer, as {@link #connect} does. Datagrams of other senders that
   * have arrived before may still be received.
   */
  public void setPeer(SocketAddress peer) throws IOException {
    SocketAddress resolved = HostNames.resolve(Objects.requireNonNull(peer, "peer"));
    handle.connect(resolved);
    remote = resolved;
  }

  /**
   * Waits for a datagram and copies it to {@code target}. Bytes that do not fit are lost.
   *
   * @return the sender's address
   */
  public SocketAddress receive(ByteBuffer target) throws IOException {
    return handle.receive(Objects.requireNonNull(target, "target"));
  }

  /**
   * Waits for a datagram and receives all that are there with few system calls.
   *
   * @param maxCount the maximum number of datagrams
   * @param maxBytes the maximum size of one; further bytes are lost
   * @return at least one datagram
   * @throws IllegalArgumentException if an argument is not positive
   */
  public List<Datagram> receiveBatch(int maxCount, int maxBytes) throws IOException {
    requirePositive(maxCount, "maxCount");
    requirePositive(maxBytes, "maxBytes");
    List<Datagram> received = new ArrayList<>();
    var _ =
        handle.receive(
            maxCount,
            maxBytes,
            (content, sender) -> {
              ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content).flip();
              received.add(new Datagram(copy, sender));
            });
    return received;
  }

  private static void requirePositive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  /**
   * Sends the remaining bytes of {@code source} as one datagram to the connected peer.
   *
   * @throws NotYetConnectedException if this socket is not connected
   */
  public void send(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    if (remote == null) {
      throw new NotYetConnectedException();
    }
    sendOne(source, null);
  }

  /**
   * Sends the remaining bytes of {@code source} as one datagram to an address.
   *
   * @throws java.net.SocketException if it is too long for a datagram, or this socket is connected
   *     to another peer
   */
  public void send(ByteBuffer source, SocketAddress to) throws IOException {
    Objects.requireNonNull(source, "source");
    sendOne(source, HostNames.resolve(Objects.requireNonNull(to, "to")));
  }

  private void sendOne(ByteBuffer source, @Nullable SocketAddress to) throws IOException {
    var _ =
        handle.send(
            1,
            new DatagramHandle.Outgoing() {
              @Override
              public ByteBuffer content(int number) {
                return source;
              }

              @Override
              public @Nullable SocketAddress remote(int number) {
                return to;
              }
            });
    source.position(source.limit());
  }

  /**
   * Sends as many of the datagrams as the system accepts at once, with few system calls.
   *
   * @return how many were sent, from the first on; at least one, unless {@code datagrams} is empty
   */
  public int sendBatch(List<Datagram> datagrams) throws IOException {
    if (datagrams.isEmpty()) {
      return 0;
    }
    List<Datagram> resolved = new ArrayList<>(datagrams.size());
    for (Datagram each : datagrams) {
      resolved.add(new Datagram(each.content(), HostNames.resolve(each.address())));
    }
    return handle.send(
        resolved.size(),
        new DatagramHandle.Outgoing() {
          @Override
          public ByteBuffer content(int number) {
            return resolved.get(number).content();
          }

          @Override
          public SocketAddress remote(int number) {
            return resolved.get(number).address();
          }
        });
  }

  /**
   * Joins a multicast group on one network interface: this socket receives its datagrams.
   *
   * @throws java.net.SocketException if this socket is a member already
   * @throws IllegalArgumentException if {@code group} is not a multicast address
   */
  public void join(InetAddress group, NetworkInterface on) throws IOException {
    handle.setMember(checked(group), Objects.requireNonNull(on, "on"), true);
  }

  /**
   * Leaves a multicast group that {@link #join} joined.
   *
   * @throws java.net.SocketException if this socket is not a member
   * @throws IllegalArgumentException if {@code group} is not a multicast address
   */
  public void leave(InetAddress group, NetworkInterface on) throws IOException {
    handle.setMember(checked(group), Objects.requireNonNull(on, "on"), false);
  }

  private static InetAddress checked(InetAddress group) {
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException("group is not a multicast address: " + group);
    }
    return group;
  }

  /** Whether a receive would return without waiting: with a datagram, or with an exception. */
  @Override
  public Readiness readable() {
    return new HandleReadiness("a datagram at " + this, handle, Direction.INPUT);
  }

  /** Whether a send would return without waiting: there is room, or it would throw. */
  @Override
  public Readiness writable() {
    return new HandleReadiness("room at " + this, handle, Direction.OUTPUT);
  }

  /** The local address. */
  public SocketAddress localAddress() throws IOException {
    return handle.localAddress();
  }

  /** The connected peer's address, or null. */
  public @Nullable SocketAddress remoteAddress() {
    return remote;
  }

  /**
   * Sets an option of {@link java.net.StandardSocketOptions}.
   *
   * @return this
   * @throws UnsupportedOperationException if sockets of this kind do not have the option
   * @throws IllegalArgumentException if the value is not valid for the option
   */
  public <T> AsyncDatagramSocket setOption(SocketOption<T> option, T value) throws IOException {
    Objects.requireNonNull(option, "option");
    handle.setOption(option, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Returns an option's value.
   *
   * @throws UnsupportedOperationException if sockets of this kind do not have the option, or it
   *     cannot be read
   */
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return handle.getOption(Objects.requireNonNull(option, "option"));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the socket. Operations of other callers that wait end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again has no effect.
   */
  @Override
  public void close() throws IOException {
    boolean first = open;
    open = false;
    SocketFiles.closeAndRemove(handle, first ? handle.localAddress() : null);
  }

  @Override
  public String toString() {
    return "AsyncDatagramSocket[" + handle + (open ? "]" : ", closed]");
  }
}
