package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One end of a pipe, or another sequential stream of bytes. After {@link #close} every method
 * throws ClosedChannelException.
 */
public interface PipeHandle extends Closeable {
  /** Waits for bytes and reads what is there; returns the count, or -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Waits for room and writes what fits; returns the count. */
  int write(ByteBuffer source) throws IOException;

  /** Returns how many bytes a read would return without waiting; 0 also at the end. */
  int available() throws IOException;

  /**
   * Closes; operations that other callers have under way throw AsynchronousCloseException. Not
   * cancellable.
   */
  @Override
  void close() throws IOException;

  /**
   * The number of the descriptor, which the handle keeps.
   *
   * @throws java.nio.channels.ClosedChannelException if the handle is closed
   * @throws UnsupportedOperationException if the platform has no descriptors
   */
  default int descriptorNumber() throws IOException {
    throw new UnsupportedOperationException(
        "the nio backend has no descriptor numbers, since the JDK hides them; use a Linux backend");
  }

  /**
   * The two ends of a pipe.
   *
   * @param source for reading
   * @param sink for writing
   */
  record Ends(PipeHandle source, PipeHandle sink) {}

  /**
   * A standard stream of this process. {@link #close} ends the use of the stream and leaves the
   * descriptor open.
   */
  interface Standard extends PipeHandle, Pollable {}
}
