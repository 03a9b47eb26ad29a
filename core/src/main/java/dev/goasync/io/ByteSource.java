package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where bytes come from: a file, a socket, memory. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Waits for bytes and takes what is there, at most what the buffer has room for.
   *
   * @return how many bytes were added to {@code target}, or -1 at the end; 0 only if {@code target}
   *     has no room
   * @throws IOException if reading fails
   */
  int read(ByteBuffer target) throws IOException;
}
