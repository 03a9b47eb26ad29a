package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A TCP socket of a simulated host before it is connected or listens. */
final class SimulatedUnconnected extends InternetSocket implements UnconnectedHandle {
  private static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  /** The default of Linux, {@code tcp_syn_retries}: the attempt takes 127 seconds. */
  private static final int MAX_RETRIES = 6;

  private final WaitQueue waiters = new WaitQueue();
  private @Nullable InetSocketAddress bound;
  private @Nullable Object address;

  SimulatedUnconnected(HostRun run, SocketOptionValues options) {
    super(run, options);
  }

  @Override
  public void bind(SocketAddress local) throws IOException {
    checkOpen();
    bound = run.ports.check(local);
    address = local;
  }

  @Override
  public ListenerHandle listen(int backlog) throws IOException {
    checkOpen();
    InetSocketAddress local = Objects.requireNonNull(bound, "not bound; call bind before listen");
    boolean share = options().get(StandardSocketOptions.SO_REUSEPORT);
    SimulatedListener listener = new SimulatedListener(run, options(), local, backlog, share);
    handOver();
    return listener;
  }

  @Override
  public StreamHandle connect(SocketAddress to, long threadTimeoutNanos) throws IOException {
    InetSocketAddress remote = (InetSocketAddress) to;
    Fiber fiber = begin();
    address = remote;
    SimulatedHost target = world().network().hostOf(remote.getAddress(), run.host);
    if (target == null) {
      throw IoErrors.ofConnect(Errno.EHOSTUNREACH, remote);
    }
    Handshake handshake = new Handshake(target, remote);
    boolean connected = false;
    try {
      handshake.transmit();
      while (!handshake.isOver()) {
        await(fiber, waiters, "the connection to " + remote, threadTimeoutNanos);
      }
      StreamHandle stream = handshake.result();
      connected = true;
      handOver();
      world().trace("has connected to " + remote, run.host, 0);
      return stream;
    } finally {
      if (!connected) {
        handshake.giveUp();
      }
    }
  }

  /**
   * The attempt to connect: a message that is sent again while no answer comes. The first answer
   * counts.
   */
  private final class Handshake implements Message {
    private final SimulatedHost target;
    private final InetSocketAddress remote;
    private final SimulatedStream client;
    private int retries;
    private boolean established;
    private boolean abandoned;
    private int error;

    Handshake(SimulatedHost target, InetSocketAddress remote) throws IOException {
      this.target = target;
      this.remote = remote;
      InetSocketAddress wanted = bound;
      int port = run.ports.connect(remote, wanted == null ? 0 : wanted.getPort());
      InetAddress from =
          wanted != null && !wanted.getAddress().isAnyLocalAddress()
              ? wanted.getAddress()
              : remote.getAddress().isLoopbackAddress() ? remote.getAddress() : run.host.address();
      this.client = new SimulatedStream(run, options(), Ports.unnamed(from, port), remote);
    }

    boolean isOver() {
      return established || error != 0;
    }

    SimulatedStream result() throws IOException {
      if (error != 0) {
        throw IoErrors.ofConnect(error, remote);
      }
      return client;
    }

    void transmit() {
      world().network().send(run.host, target, this);
    }

    void giveUp() {
      abandoned = true;
      client.close();
    }

    private void fail(int errno) {
      if (!isOver()) {
        error = errno;
        waiters.wakeAll();
      }
    }

    @Override
    public void arrive(HostRun there) {
      SimulatedListener listener = there.ports.listenerAt(remote);
      if (listener == null) {
        answer(there, () -> fail(Errno.ECONNREFUSED));
      } else if (listener.isFull()) {
        lost(); // Linux drops the segment, and the caller sends it again
      } else {
        accept(there, listener);
      }
    }

    private void accept(HostRun there, SimulatedListener listener) {
      SimulatedStream server =
          new SimulatedStream(
              listener.run,
              SocketOptionValues.ofStream(),
              /* local= */ Ports.unnamed(remote.getAddress(), remote.getPort()),
              /* remote= */ client.local());
      SimulatedStream.join(client, server);
      listener.add(server);
      answer(
          there,
          () -> {
            if (abandoned) {
              client.sendReset();
            } else {
              established = true;
              waiters.wakeAll();
            }
          });
    }

    private void answer(HostRun there, Runnable delivery) {
      new Answer(there, delivery).transmit();
    }

    @Override
    public void lost() {
      if (abandoned || isOver() || run.boot.hasCrashed()) {
        return;
      }
      if (retries == MAX_RETRIES) {
        world().schedule(FIRST_RETRY_NANOS << retries, () -> fail(Errno.ETIMEDOUT));
      } else {
        world().schedule(FIRST_RETRY_NANOS << retries++, this::retransmit);
      }
    }

    private void retransmit() {
      if (!abandoned && !run.boot.hasCrashed()) {
        transmit();
      }
    }

    /** The answer of the other host; sent again while it is lost. */
    private final class Answer implements Message {
      private final HostRun from;
      private final Runnable delivery;
      private int resent;

      Answer(HostRun from, Runnable delivery) {
        this.from = from;
        this.delivery = delivery;
      }

      void transmit() {
        if (!from.boot.hasCrashed()) {
          world().network().send(target, run.host, this);
        }
      }

      @Override
      public void arrive(HostRun there) {
        if (there == run.boot) {
          delivery.run();
        }
      }

      @Override
      public void lost() {
        if (resent < MAX_RETRIES) {
          world().schedule(FIRST_RETRY_NANOS << resent++, this::transmit);
        }
      }
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    InetSocketAddress local = bound;
    return local != null ? local : new InetSocketAddress(0);
  }

  @Override
  protected void released() {
    waiters.wakeAll();
  }

  @Override
  protected Object name() {
    Object known = address;
    return known != null ? known : "a socket that is not connected";
  }
}
