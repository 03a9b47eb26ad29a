package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A source of bytes: a file, a socket, a pipe, memory. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Waits for bytes and adds to {@code target} what is available, at most its remaining space.
   *
   * @return the number of bytes, -1 at the end of the stream, or 0 if {@code target} has no
   *     remaining space
   * @throws IOException if the read fails
   */
  int read(ByteBuffer target) throws IOException;
}
