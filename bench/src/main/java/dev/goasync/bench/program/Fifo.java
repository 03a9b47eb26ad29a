package dev.goasync.bench.program;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A named pipe, open at both ends. */
record Fifo(AsyncFile reader, AsyncFile writer) implements AutoCloseable {
  /** Creates a FIFO, opens both ends and deletes its name. */
  static Fifo open() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("pipe");
    Path name = directory.resolve("fifo");
    int failed = new ProcessBuilder("mkfifo", name.toString()).inheritIO().start().waitFor();
    if (failed != 0) {
      throw new IOException("mkfifo failed");
    }
    // The reading end is opened for reading and writing, so that no open waits.
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
