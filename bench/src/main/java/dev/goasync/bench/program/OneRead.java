package dev.goasync.bench.program;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads from a file asynchronously, once; measures a whole program with goasync. */
public final class OneRead {
  private OneRead() {}

  /** Argument: the file. */
  public static void main(String[] args) {
    int read = goAsync(() -> readStart(Path.of(args[0]))).await();
    if (read <= 0) {
      throw new AssertionError("nothing was read");
    }
  }

  private static int readStart(Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path)) {
      return file.read(ByteBuffer.allocateDirect(4096));
    }
  }
}
