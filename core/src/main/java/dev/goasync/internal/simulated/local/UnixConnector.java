package dev.goasync.internal.simulated.local;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.simulated.resource.ResourceOwner;
import dev.goasync.internal.simulated.resource.SimulatedSocket;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.SocketAddress;

/** A Unix socket of a simulated host while it connects. */
public final class UnixConnector extends SimulatedSocket {
  private final SocketAddress remote;

  private UnixConnector(ResourceOwner owner, SocketAddress remote) {
    super(owner, SocketOptionValues.ofUnixStream());
    this.remote = remote;
  }

  /**
   * Connects to a listener of the same host; waits while its backlog is full.
   *
   * @throws java.net.ConnectException if no socket listens there
   */
  public static StreamHandle connect(ResourceOwner owner, UnixNames names, SocketAddress remote)
      throws IOException {
    owner.checkDescriptors(() -> IoErrors.ofSocket(Errno.EMFILE, remote));
    UnixConnector socket = new UnixConnector(owner, remote);
    try {
      return socket.connect(names);
    } finally {
      socket.handOver();
    }
  }

  private StreamHandle connect(UnixNames names) throws IOException {
    Fiber fiber = begin();
    UnixListener listener = names.find(remote);
    while (listener.isFull()) {
      await(fiber, listener.connectors(), "room in the backlog of " + remote);
      listener = names.find(remote);
    }
    UnixEnd client = UnixEnd.connected(remote);
    listener.add(client.peer());
    owner().trace("connects", this, 0);
    return new UnixStream(owner(), client);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return UnixEnd.UNNAMED;
  }

  @Override
  protected void released() {
    // it has no effect outside
  }

  @Override
  protected Object name() {
    return remote;
  }
}
