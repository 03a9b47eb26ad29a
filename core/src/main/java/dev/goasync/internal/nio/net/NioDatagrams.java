package dev.goasync.internal.nio.net;

import dev.goasync.internal.nio.io.NioSocket;
import dev.goasync.internal.nio.io.ThreadSelector;
import dev.goasync.internal.platform.DatagramHandle;
import dev.goasync.internal.platform.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A UDP socket. */
public final class NioDatagrams implements DatagramHandle {
  /** The largest UDP datagram. */
  private static final int MAX_BYTES = 64 * 1024;

  private record Member(InetAddress group, NetworkInterface on) {}

  /** A non-blocking attempt; returns null if it would wait. */
  @FunctionalInterface
  private interface Attempt<R> {
    @Nullable R run() throws IOException;
  }

  private final DatagramChannel channel;
  private final NioSocket socket;
  private final Map<Member, MembershipKey> memberships = new ConcurrentHashMap<>();

  /** Takes ownership of a bound channel. */
  public NioDatagrams(DatagramChannel channel, NioSocket socket) {
    this.channel = channel;
    this.socket = socket;
  }

  private <R> R untilDone(int operation, Attempt<R> attempt) throws IOException {
    socket.begin();
    try {
      R result;
      while ((result = attempt.run()) == null) {
        socket.await(operation);
      }
      return result;
    } catch (PortUnreachableException refused) { // the JDK's exception has no message
      var named = new PortUnreachableException("Connection refused: the peer of " + socket);
      named.initCause(refused);
      throw named;
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    }
  }

  @Override
  public SocketAddress receive(ByteBuffer target) throws IOException {
    Targets.requireWritable(target);
    return untilDone(SelectionKey.OP_READ, () -> channel.receive(target));
  }

  @Override
  public int receive(int maxCount, int maxBytes, Incoming incoming) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.min(maxBytes, MAX_BYTES));
    SocketAddress remote = receive(content);
    int count = 0;
    while (remote != null) {
      incoming.accept(content.flip(), remote);
      count++;
      remote = count < maxCount ? channel.receive(content.clear()) : null;
    }
    return count;
  }

  /** Sends one datagram: the JDK has no call for several. */
  @Override
  public int send(int count, Outgoing outgoing) throws IOException {
    ByteBuffer content = outgoing.content(0).duplicate();
    SocketAddress remote = outgoing.remote(0);
    boolean empty = !content.hasRemaining();
    return untilDone(
        SelectionKey.OP_WRITE,
        () -> {
          int moved = remote == null ? channel.write(content) : channel.send(content, remote);
          return moved > 0 || empty ? 1 : null;
        });
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    socket.checkOpen();
    try {
      channel.connect(remote);
    } catch (IOException thrown) {
      throw socket.explain(thrown, remote);
    }
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    socket.checkOpen();
    return ThreadSelector.isReady(socket, NioStream.operation(direction));
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    socket.begin();
    socket.await(NioStream.operation(direction), threadTimeoutNanos);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    socket.checkOpen();
    return channel.getLocalAddress();
  }

  @Override
  public void setMember(InetAddress group, NetworkInterface on, boolean member) throws IOException {
    socket.checkOpen();
    String what = group + " on " + on.getName() + " at " + socket;
    Member key = new Member(group, on);
    if (!member) {
      MembershipKey left = memberships.remove(key);
      if (left == null) {
        throw new SocketException("not a member of " + what);
      }
      left.drop();
      return;
    }
    try {
      if (memberships.putIfAbsent(key, channel.join(group, on)) != null) {
        throw new SocketException("Address already in use: " + what);
      }
    } catch (IOException thrown) {
      throw socket.explain(thrown, what);
    }
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    socket.checkOpen();
    channel.setOption(option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    socket.checkOpen();
    return channel.getOption(option);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
