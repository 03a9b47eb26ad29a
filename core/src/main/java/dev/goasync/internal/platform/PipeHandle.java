package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One end of a pipe, or something else that bytes come out of or go into in order. After {@link
 * #close} every method throws ClosedChannelException.
 */
public interface PipeHandle extends Closeable {
  /** Waits for bytes and takes what is there; returns the count, or -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Waits for room and hands over what fits; returns the count. */
  int write(ByteBuffer source) throws IOException;

  /** How many bytes a read would bring without waiting; 0 also at the end. Never waits for long. */
  int available() throws IOException;

  /**
   * Closes; operations under way elsewhere end with AsynchronousCloseException. Not cancellable.
   */
  @Override
  void close() throws IOException;
}
