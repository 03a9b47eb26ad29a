package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.DatagramHandle;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of a simulated host. Each datagram has a latency of its own, so datagrams overtake
 * each other; a link may lose them, and a socket whose queue is full drops them.
 */
final class SimulatedDatagrams extends InternetSocket implements DatagramHandle {
  /** The largest content over IPv4. */
  private static final int MAX_BYTES = 65_507;

  private static final int MAX_QUEUED = 256;

  private record Received(ByteBuffer content, InetSocketAddress from) {}

  private final InetSocketAddress local;
  private final Deque<Received> queue = new ArrayDeque<>();
  private final WaitQueue receivers = new WaitQueue();
  private @Nullable InetSocketAddress peer;
  private boolean peerUnreachable;

  SimulatedDatagrams(HostRun run, InetSocketAddress wanted, boolean share) throws IOException {
    super(run, SocketOptionValues.ofDatagrams());
    options().set(StandardSocketOptions.SO_REUSEPORT, share);
    boolean bound = false;
    try {
      local = run.ports.add(this, wanted, share);
      bound = true;
    } finally {
      if (!bound) {
        handOver();
      }
    }
  }

  InetSocketAddress local() {
    return local;
  }

  boolean sharesPort() {
    return options().get(StandardSocketOptions.SO_REUSEPORT);
  }

  boolean accepts(InetSocketAddress from) {
    return peer == null || peer.equals(from);
  }

  @Override
  public SocketAddress receive(ByteBuffer target) throws IOException {
    Targets.requireWritable(target);
    Received first = awaitFirst();
    target.put(first.content.slice(0, Math.min(first.content.remaining(), target.remaining())));
    return first.from;
  }

  @Override
  public int receive(int maxCount, int maxBytes, Incoming incoming) throws IOException {
    Received next = awaitFirst();
    int count = 0;
    while (next != null) {
      int length = Math.min(next.content.remaining(), maxBytes);
      incoming.accept(next.content.slice(0, length), next.from);
      count++;
      next = count < maxCount ? queue.poll() : null;
    }
    return count;
  }

  private Received awaitFirst() throws IOException {
    Fiber fiber = begin();
    Received first;
    while ((first = queue.poll()) == null) {
      throwIfUnreachable();
      await(fiber, receivers, "a datagram to " + this);
    }
    world().trace("receives a datagram of bytes:", this, first.content.remaining());
    return first;
  }

  private void throwIfUnreachable() throws PortUnreachableException {
    if (peerUnreachable) {
      peerUnreachable = false;
      throw new PortUnreachableException("Connection refused: the peer of " + this);
    }
  }

  @Override
  public int send(int count, Outgoing outgoing) throws IOException {
    begin();
    throwIfUnreachable();
    for (int i = 0; i < count; i++) {
      ByteBuffer content = outgoing.content(i);
      if (content.remaining() > MAX_BYTES) {
        if (i > 0) {
          return i;
        }
        throw IoErrors.ofSocket(Errno.EMSGSIZE, this);
      }
      ByteBuffer bytes = ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
      SocketAddress to = outgoing.remote(i);
      sendOne(bytes, to == null ? Objects.requireNonNull(peer) : (InetSocketAddress) to);
    }
    return count;
  }

  private void sendOne(ByteBuffer bytes, InetSocketAddress to) throws IOException {
    world().trace("sends a datagram of bytes:", this, bytes.remaining());
    Network network = world().network();
    SimulatedHost target = network.hostOf(to.getAddress(), run.host);
    if (target == null) {
      throw IoErrors.ofSocket(Errno.EHOSTUNREACH, to);
    }
    if (network.drawLoss(run.host, target)) {
      world().trace("loses the datagram", this, 0);
      return;
    }
    InetAddress from =
        !local.getAddress().isAnyLocalAddress()
            ? local.getAddress()
            : to.getAddress().isLoopbackAddress() ? to.getAddress() : run.host.address();
    network.send(run.host, target, new Arrival(bytes, Ports.unnamed(from, local.getPort()), to));
  }

  /** A datagram on its way. */
  private final class Arrival implements Message {
    private final ByteBuffer content;
    private final InetSocketAddress from;
    private final InetSocketAddress to;

    Arrival(ByteBuffer content, InetSocketAddress from, InetSocketAddress to) {
      this.content = content;
      this.from = from;
      this.to = to;
    }

    @Override
    public void arrive(HostRun target) {
      SimulatedDatagrams receiver = target.ports.datagramsAt(to, from);
      if (receiver != null) {
        receiver.add(new Received(content, from));
      } else if (to.equals(peer)) {
        world().network().send(target.host, run.host, new Unreachable());
      }
    }

    @Override
    public void lost() {
      // datagrams are not sent again
    }
  }

  /** The answer of a host without such a socket. */
  private final class Unreachable implements Message {
    @Override
    public void arrive(HostRun target) {
      if (target == run.boot) {
        peerUnreachable = true;
        receivers.wakeAll();
      }
    }

    @Override
    public void lost() {
      // it is not sent again
    }
  }

  private void add(Received datagram) {
    if (queue.size() < MAX_QUEUED) {
      queue.add(datagram);
      receivers.wakeAll();
    } else {
      world().trace("drops a datagram, since its queue is full", this, 0);
    }
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    checkOpen();
    peer = (InetSocketAddress) remote;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    return direction == Direction.OUTPUT || !queue.isEmpty() || peerUnreachable;
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    Fiber fiber = begin();
    while (!isReady(direction)) {
      await(fiber, receivers, "a datagram to " + this, threadTimeoutNanos);
    }
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  @Override
  public void setMember(InetAddress group, NetworkInterface on, boolean member) {
    throw NotSimulated.exception("multicast");
  }

  @Override
  protected void released() {
    run.ports.remove(this);
    receivers.wakeAll();
  }

  @Override
  protected Object name() {
    return local;
  }
}
