package dev.goasync.internal.simulated.local;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's part of one end of a connection between Unix sockets. Bytes arrive at once, in the
 * queue of the reader. The end of the input at one side is the end of the output at its peer. A
 * close with unread bytes, or before the accept, is a reset for the peer. Owned by the thread of
 * the simulation.
 */
final class UnixEnd {
  /** The default of Linux, which also counts some overhead of each write. */
  private static final int CAPACITY = 208 * 1024;

  static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private final SocketAddress local;
  private final SocketAddress remote;
  private final ByteQueue received = new ByteQueue(CAPACITY);
  private @Nullable UnixEnd peer;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean reset;

  private UnixEnd(SocketAddress local, SocketAddress remote) {
    this.local = local;
    this.remote = remote;
  }

  /** Makes the client's end of a connection to {@code remote}; its peer is the server's. */
  static UnixEnd connected(SocketAddress remote) {
    UnixEnd client = new UnixEnd(UNNAMED, remote);
    UnixEnd server = new UnixEnd(remote, UNNAMED);
    client.peer = server;
    server.peer = client;
    return client;
  }

  SocketAddress local() {
    return local;
  }

  SocketAddress remote() {
    return remote;
  }

  UnixEnd peer() {
    return Objects.requireNonNull(peer);
  }

  /** What has arrived. */
  ByteQueue received() {
    return received;
  }

  /** Whether no more bytes arrive. */
  boolean inputEnded() {
    return inputEnded;
  }

  /** Whether the peer takes no more bytes. */
  boolean outputEnded() {
    return outputEnded;
  }

  /** Whether the peer has closed with bytes unread. */
  boolean isReset() {
    return reset;
  }

  void endInput() {
    inputEnded = true;
    peer().outputEnded = true;
    received.wakeAll(); // the readers here and the peer's writers
  }

  void endOutput() {
    outputEnded = true;
    peer().inputEnded = true;
    peer().received.wakeAll();
  }

  /**
   * Closes this end.
   *
   * @param unaccepted whether no caller has accepted the connection
   */
  void close(boolean unaccepted) {
    peer().reset |= unaccepted || received.size() > 0;
    endInput();
    endOutput();
    received.clear();
  }
}
