package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file descriptor that is open already and gets an owner in this library. Each method first asks
 * the kernel for the kind of the descriptor.
 *
 * <p>If the kind is another one, the methods throw IllegalArgumentException, whose message names
 * the kind. If the number is not open, they throw IOException. In both cases the descriptor stays
 * open and unchanged.
 */
public interface OpenDescriptor extends Closeable {
  /** The number of the descriptor. */
  int number();

  /** Takes ownership of a file, a pipe or a device. */
  FileHandle toFile() throws IOException;

  /**
   * Takes ownership of a connected socket.
   *
   * @param unix true for a Unix socket, false for TCP
   */
  StreamHandle toStream(boolean unix) throws IOException;

  /**
   * Takes ownership of a listening socket.
   *
   * @param unix true for a Unix socket, false for TCP
   */
  ListenerHandle toListener(boolean unix) throws IOException;

  /** Closes a descriptor that has no owner yet. Not cancellable. */
  @Override
  void close() throws IOException;
}
