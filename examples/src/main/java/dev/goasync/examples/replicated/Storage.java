package dev.goasync.examples.replicated;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** What the two files of a node have in common. */
final class Storage {
  private Storage() {}

  static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  static void write(AsyncFile file, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** Makes the names of new and renamed files durable. */
  static void forceDirectory(Path directory) throws IOException {
    try (AsyncFile opened = AsyncFile.open(directory, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }
}
