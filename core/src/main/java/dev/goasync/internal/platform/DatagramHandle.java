package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A socket of datagrams, each of which comes whole or not at all. Any number of callers at once.
 * After {@link #close} every method throws ClosedChannelException.
 */
public interface DatagramHandle extends Closeable, TimedPollable {
  /** Datagrams to send, by number. */
  interface Outgoing {
    /** What to send; its position stays. */
    ByteBuffer content(int number);

    /** To whom; null for the connected peer. */
    @Nullable SocketAddress remote(int number);
  }

  /** Takes datagrams that were received. */
  @FunctionalInterface
  interface Incoming {
    /**
     * Takes one.
     *
     * @param content from its position to its limit; valid during the call
     * @param remote who sent it
     */
    void accept(ByteBuffer content, SocketAddress remote);
  }

  /**
   * Waits for a datagram and takes it; what does not fit the target is lost.
   *
   * @return who sent it
   */
  SocketAddress receive(ByteBuffer target) throws IOException;

  /** Waits for a datagram, and takes up to {@code most} that are there; returns the count. */
  int receive(int most, int maxBytes, Incoming incoming) throws IOException;

  /** Waits for room and sends up to {@code count} datagrams; returns how many, at least one. */
  int send(int count, Outgoing outgoing) throws IOException;

  /** Sets the peer: from now on, only its datagrams are received. */
  void connect(SocketAddress remote) throws IOException;

  /** Our address. */
  SocketAddress localAddress() throws IOException;

  /** Joins or leaves a multicast group. */
  void setMember(InetAddress group, NetworkInterface on, boolean member) throws IOException;

  /** Sets a socket option; UnsupportedOperationException if this socket has no such option. */
  <T> void setOption(SocketOption<T> option, T value) throws IOException;

  /** A socket option's value; UnsupportedOperationException if this socket has no such option. */
  <T> T getOption(SocketOption<T> option) throws IOException;

  /**
   * Closes; operations under way elsewhere end with AsynchronousCloseException. Not cancellable.
   */
  @Override
  void close() throws IOException;
}
