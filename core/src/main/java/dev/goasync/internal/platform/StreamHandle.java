package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A connected two-way byte stream. One reader and one writer at a time. After {@link #close} every
 * method throws ClosedChannelException.
 */
public interface StreamHandle extends SocketHandle, TimedPollable {
  /** Waits for bytes and takes what is there; returns the count, or -1 after the peer's last. */
  int read(ByteBuffer target) throws IOException;

  /** Waits for room and hands over what fits; returns the count. */
  int write(ByteBuffer source) throws IOException;

  /** Waits for room and hands over what fits of several buffers, in order; returns the count. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException;

  /**
   * Hands over all of {@code output}, then waits for bytes: an answer, and the next request. Where
   * both can go on at once, the caller waits once.
   *
   * @param output its position tells, after an exception too, how much was handed over
   * @param sent called as soon as all of {@code output} was, even if no bytes have come yet; must
   *     not wait
   * @return the count of bytes that came, or -1 after the peer's last
   */
  default int exchange(ByteBuffer output, Runnable sent, ByteBuffer target) throws IOException {
    while (output.hasRemaining()) {
      write(output);
    }
    sent.run();
    return read(target);
  }

  /**
   * Waits for room and hands over what fits, with descriptors that go with the first byte.
   *
   * @param handles of the same platform; at least one
   * @throws IllegalArgumentException if one of them is closed
   * @throws UnsupportedOperationException if there are none here
   */
  void sendDescriptors(ByteBuffer source, List<?> handles) throws IOException;

  /**
   * Like {@link #read}, with the descriptors that come along.
   *
   * @param passed gets the number of each; that which it throws at is closed, and the rest
   * @throws IOException also if some could not be taken; the others are closed then, and the bytes
   *     are in {@code target}
   * @throws UnsupportedOperationException if there are none here
   */
  int receiveDescriptors(ByteBuffer target, IntConsumer passed) throws IOException;

  /** How many bytes can be read without waiting, as far as the system tells. */
  int available() throws IOException;

  /**
   * Sends one byte of urgent data (TCP), without waiting.
   *
   * @throws java.net.SocketException if there is no room
   */
  void sendUrgent(byte value) throws IOException;

  /** Ends our reading. */
  void shutdownInput() throws IOException;

  /** Ends our writing: the peer reads to the end. */
  void shutdownOutput() throws IOException;

  /** The peer's address. */
  SocketAddress remoteAddress() throws IOException;
}
