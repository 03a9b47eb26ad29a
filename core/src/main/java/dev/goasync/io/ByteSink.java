package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A sink for bytes: a file, a socket, a pipe, memory. */
@FunctionalInterface
public interface ByteSink {
  /**
   * Waits for space and takes bytes from {@code source}, possibly not all of them.
   *
   * @return the number of bytes taken; 0 if {@code source} has no remaining bytes
   * @throws IOException if the write fails
   */
  int write(ByteBuffer source) throws IOException;

  /**
   * Writes all remaining bytes of {@code source}. If the write fails or is cancelled, the buffer's
   * position is behind the bytes that were written.
   *
   * @throws IOException if a write fails
   */
  default void writeAll(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    while (source.hasRemaining()) {
      write(source);
    }
  }

  /**
   * Writes all of {@code bytes}. If the write fails or is cancelled, a part can have been written.
   *
   * @throws IOException if a write fails
   */
  default void writeAll(byte[] bytes) throws IOException {
    writeAll(ByteBuffer.wrap(Objects.requireNonNull(bytes, "bytes")));
  }

  /**
   * Writes all of {@code text} in UTF-8. If the write fails or is cancelled, a part can have been
   * written.
   *
   * @throws IOException if a write fails
   */
  default void writeAll(String text) throws IOException {
    writeAll(Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }
}
