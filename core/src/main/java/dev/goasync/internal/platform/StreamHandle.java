package dev.goasync.internal.platform;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A connected stream socket. One reader and one writer at a time. After {@link #close} every method
 * throws ClosedChannelException.
 */
public interface StreamHandle extends SocketHandle, Pollable.Timed {
  /** Waits for bytes and reads what is there; returns the count, or -1 at the end of the stream. */
  int read(ByteBuffer target) throws IOException;

  /** Waits for room and writes what fits; returns the count. */
  int write(ByteBuffer source) throws IOException;

  /**
   * Writes what fits without waiting; returns the count, 0 if nothing fits. For a backend whose
   * {@link #write} pauses the caller although there is room; the remaining ones return 0.
   */
  default int tryWrite(ByteBuffer source) throws IOException {
    return 0;
  }

  /** Waits for room and writes what fits of several buffers, in order; returns the count. */
  long write(ByteBuffer[] sources, int offset, int length) throws IOException;

  /**
   * Writes all of {@code output}, then waits for bytes and reads what is there. For a response
   * followed by the next request. Where the backend can run both at once, the caller waits once.
   *
   * @param output its position moves past the bytes that were written, after an exception too
   * @param sent called as soon as all of {@code output} is written, even if no bytes have come yet;
   *     must not wait
   * @return the count of bytes read, or -1 at the end of the stream
   */
  default int exchange(ByteBuffer output, Runnable sent, ByteBuffer target) throws IOException {
    while (output.hasRemaining()) {
      write(output);
    }
    sent.run();
    return read(target);
  }

  /**
   * Waits for room and writes what fits; passes descriptors along with the first byte.
   *
   * @param handles handles of the same platform; at least one
   * @throws IllegalArgumentException if one of them is closed
   * @throws UnsupportedOperationException if the platform has no descriptors
   */
  void sendDescriptors(ByteBuffer source, List<?> handles) throws IOException;

  /**
   * Waits for bytes and reads what is there, with the descriptors that were passed along.
   *
   * @param passed receives the number of each descriptor and owns it on return; if it throws, that
   *     descriptor and the remaining ones are closed
   * @return the count of bytes read, or -1 at the end of the stream
   * @throws IOException also if the process had no room for some of the descriptors; the received
   *     ones are closed then, and the bytes are in {@code target}
   * @throws UnsupportedOperationException if the platform has no descriptors
   */
  int receiveDescriptors(ByteBuffer target, IntConsumer passed) throws IOException;

  /** Returns how many bytes can be read without waiting, as far as the kernel reports. */
  int available() throws IOException;

  /**
   * Sends one byte of urgent data (TCP), without waiting.
   *
   * @throws java.net.SocketException if the send buffer is full
   */
  void sendUrgent(byte value) throws IOException;

  /** Shuts down the input: reads return -1. */
  void shutdownInput() throws IOException;

  /** Shuts down the output: the peer reads the remaining bytes and then the end. */
  void shutdownOutput() throws IOException;

  /** The peer's address. */
  SocketAddress remoteAddress() throws IOException;
}
