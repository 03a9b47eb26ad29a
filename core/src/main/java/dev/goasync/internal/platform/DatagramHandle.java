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
 * A datagram socket. Any number of callers at once. After {@link #close} every method throws
 * ClosedChannelException.
 */
public interface DatagramHandle extends Closeable, Pollable.Timed {
  /** Datagrams to send, by index. */
  interface Outgoing {
    /** The content to send; its position does not move. */
    ByteBuffer content(int number);

    /** The receiver's address; null for the connected peer. */
    @Nullable SocketAddress remote(int number);
  }

  /** Consumes received datagrams. */
  @FunctionalInterface
  interface Incoming {
    /**
     * Consumes one datagram.
     *
     * @param content from its position to its limit; valid during the call
     * @param remote the sender's address
     */
    void accept(ByteBuffer content, SocketAddress remote);
  }

  /**
   * Waits for a datagram and receives it; bytes that do not fit the target are lost.
   *
   * @return the sender's address
   */
  SocketAddress receive(ByteBuffer target) throws IOException;

  /**
   * Waits for a datagram, and receives up to {@code maxCount} that are there.
   *
   * @param maxBytes the longest content to receive
   * @return how many were received
   */
  int receive(int maxCount, int maxBytes, Incoming incoming) throws IOException;

  /** Waits for room and sends up to {@code count} datagrams; returns how many, at least one. */
  int send(int count, Outgoing outgoing) throws IOException;

  /** Sets the peer: from now on the socket receives only the peer's datagrams. */
  void connect(SocketAddress remote) throws IOException;

  /** The local address. */
  SocketAddress localAddress() throws IOException;

  /** Joins or leaves a multicast group. */
  void setMember(InetAddress group, NetworkInterface on, boolean member) throws IOException;

  /** Sets a socket option; throws UnsupportedOperationException if the socket does not have it. */
  <T> void setOption(SocketOption<T> option, T value) throws IOException;

  /**
   * Returns an option's value; throws UnsupportedOperationException if the socket does not have it.
   */
  <T> T getOption(SocketOption<T> option) throws IOException;

  /**
   * Closes; operations that other callers have under way throw AsynchronousCloseException. Not
   * cancellable.
   */
  @Override
  void close() throws IOException;
}
