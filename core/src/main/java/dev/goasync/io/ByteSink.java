package dev.goasync.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Where bytes go to: a file, a socket, memory. */
@FunctionalInterface
public interface ByteSink {
  /**
   * Waits for room and takes bytes from {@code source}, perhaps not all.
   *
   * @return how many bytes were taken
   * @throws IOException if writing fails
   */
  int write(ByteBuffer source) throws IOException;

  /**
   * Writes all that remains in {@code source}. If it is cancelled or fails half-way, the buffer's
   * position tells how much was written.
   *
   * @throws IOException if writing fails
   */
  default void writeAll(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    while (source.hasRemaining()) {
      write(source);
    }
  }

  /** Writes all of {@code bytes}. */
  default void writeAll(byte[] bytes) throws IOException {
    writeAll(ByteBuffer.wrap(Objects.requireNonNull(bytes, "bytes")));
  }

  /** Writes all of {@code text} in UTF-8. */
  default void writeAll(String text) throws IOException {
    writeAll(Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }
}
