package dev.goasync.bench.program;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A named pipe, open at both ends. */
record Fifo(AsyncFile reader, AsyncFile writer) implements AutoCloseable {
  /** Makes one; its name is gone as soon as it is open. */
  static Fifo open() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("pipe");
    Path name = directory.resolve("fifo");
    int failed = new ProcessBuilder("mkfifo", name.toString()).inheritIO().start().waitFor();
    if (failed != 0) {
      throw new IOException("mkfifo failed");
    }
    // The reading end is open for both, so that neither open waits for the other.
    AsyncFile reader = AsyncFile.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    AsyncFile writer = AsyncFile.open(name, StandardOpenOption.WRITE);
    Files.delete(name);
    Files.delete(directory);
    return new Fifo(reader, writer);
  }

  @Override
  public void close() throws IOException {
    reader.close();
    writer.close();
  }
}
