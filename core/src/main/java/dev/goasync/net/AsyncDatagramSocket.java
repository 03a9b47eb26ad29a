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
 * A socket of datagrams, by UDP or between Unix sockets. In a coroutine each operation pauses the
 * coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var socket = AsyncDatagramSocket.bind(5353)) {
 *   ByteBuffer question = ByteBuffer.allocate(1500);
 *   SocketAddress from = socket.receive(question);
 *   socket.send(answer(question.flip()), from);
 * }
 * }</pre>
 *
 * <p>A datagram comes whole or not at all; by UDP it may be lost, come twice, or overtake another.
 *
 * <p><b>Threads.</b> Any number may send and receive at once.
 *
 * <p><b>Errors.</b> {@link java.net.SocketException}; {@link java.net.PortUnreachableException} if
 * the connected peer's machine says that nobody listens; {@link
 * java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if closed meanwhile by another; {@link
 * java.io.InterruptedIOException} if a plain thread is interrupted while it waits.
 *
 * <p><b>Cancellation.</b> A cancelled operation has sent or taken nothing; the socket stays open.
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
   * Receives UDP on all addresses of the machine.
   *
   * @param port 0 for any free one, told by {@link #localAddress}
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncDatagramSocket bind(int port) throws IOException {
    return bind(new InetSocketAddress(port));
  }

  /**
   * Receives at one address: an {@link InetSocketAddress}, or that of a Unix socket, whose file is
   * made here and removed at the close.
   *
   * @throws java.net.BindException if the address is in use, not allowed or not ours
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is none of these
   * @throws UnsupportedOperationException if the backend has no such sockets
   */
  public static AsyncDatagramSocket bind(SocketAddress local) throws IOException {
    return bind(local, false);
  }

  /**
   * Like {@link #bind(SocketAddress)}.
   *
   * @param sharePort whether other sockets that agree may have the same port: each gets all
   *     datagrams of the groups that it joined, and a share of the others
   */
  public static AsyncDatagramSocket bind(SocketAddress local, boolean sharePort)
      throws IOException {
    SocketAddress resolved = HostNames.resolve(Objects.requireNonNull(local, "local"));
    return new AsyncDatagramSocket(Backends.platform().openDatagrams(resolved, sharePort));
  }

  /**
   * Talks to one peer: only its datagrams are received, and {@link #send(ByteBuffer)} needs no
   * address.
   *
   * @throws java.nio.channels.UnsupportedAddressTypeException if it is no {@link InetSocketAddress}
   *     nor the address of a Unix socket
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
   * Has this socket talk to one peer from now on; see {@link #connect}. Datagrams of others that
   * have come already may still be received.
   */
  public void setPeer(SocketAddress peer) throws IOException {
    SocketAddress resolved = HostNames.resolve(Objects.requireNonNull(peer, "peer"));
    handle.connect(resolved);
    remote = resolved;
  }

  /**
   * Waits for a datagram and puts it into {@code target}. What does not fit is lost.
   *
   * @return who sent it
   */
  public SocketAddress receive(ByteBuffer target) throws IOException {
    return handle.receive(Objects.requireNonNull(target, "target"));
  }

  /**
   * Waits for a datagram, and takes others that are there as well, with few system calls.
   *
   * @param most how many at most
   * @param maxBytes how long one may be; what is more is lost
   * @return at least one
   * @throws IllegalArgumentException if an argument is not positive
   */
  public List<Datagram> receiveBatch(int most, int maxBytes) throws IOException {
    if (most < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "most and maxBytes must be positive: " + most + ", " + maxBytes);
    }
    List<Datagram> received = new ArrayList<>();
    var _ =
        handle.receive(
            most,
            maxBytes,
            (content, sender) -> {
              ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content).flip();
              received.add(new Datagram(copy, sender));
            });
    return received;
  }

  /**
   * Sends the rest of {@code source} as one datagram to the connected peer.
   *
   * @throws NotYetConnectedException if there is none
   */
  public void send(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    if (remote == null) {
      throw new NotYetConnectedException();
    }
    sendOne(source, null);
  }

  /**
   * Sends the rest of {@code source} as one datagram.
   *
   * @throws java.net.SocketException if it is too long for one, or this socket has another peer
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
   * Sends as many of the datagrams as the system takes at once, with few system calls.
   *
   * @return how many were sent, from the first on; at least one, unless there is none
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
   * Receives also what is sent to a multicast group, on one interface.
   *
   * @throws java.net.SocketException if this socket is a member already
   * @throws IllegalArgumentException if {@code group} is no multicast address
   */
  public void join(InetAddress group, NetworkInterface on) throws IOException {
    handle.setMember(checked(group), Objects.requireNonNull(on, "on"), true);
  }

  /**
   * Ends what {@link #join} began.
   *
   * @throws java.net.SocketException if this socket is no member
   * @throws IllegalArgumentException if {@code group} is no multicast address
   */
  public void leave(InetAddress group, NetworkInterface on) throws IOException {
    handle.setMember(checked(group), Objects.requireNonNull(on, "on"), false);
  }

  private static InetAddress checked(InetAddress group) {
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException(group + " is no multicast address");
    }
    return group;
  }

  /** Whether a receive would not wait: a datagram is there, or an error. */
  @Override
  public Readiness readable() {
    return new HandleReadiness("a datagram at " + this, handle, Direction.INPUT);
  }

  /** Whether a send would not wait: there is room, or an error. */
  @Override
  public Readiness writable() {
    return new HandleReadiness("room at " + this, handle, Direction.OUTPUT);
  }

  /** Our address. */
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
   * @throws UnsupportedOperationException if such sockets have no such option
   * @throws IllegalArgumentException if the value is not one of the option's
   */
  public <T> AsyncDatagramSocket setOption(SocketOption<T> option, T value) throws IOException {
    Objects.requireNonNull(option, "option");
    handle.setOption(option, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * An option's value.
   *
   * @throws UnsupportedOperationException if such sockets have no such option, or it cannot be
   *     asked
   */
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return handle.getOption(Objects.requireNonNull(option, "option"));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the socket; operations of others under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again does nothing.
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
