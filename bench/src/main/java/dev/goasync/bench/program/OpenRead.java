package dev.goasync.bench.program;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Opens, reads and closes a small file again and again, in coroutines or in virtual threads. */
public final class OpenRead {
  private static final int BYTES = 1024;
  private static final int AT_ONCE = 100;

  private final Path file;

  private OpenRead(Path file) {
    this.file = file;
  }

  /** Arguments: the peer, the case, the file, the concurrency, and the milliseconds. */
  public static void main(String[] args) throws Exception {
    OpenRead program = new OpenRead(Path.of(args[2]));
    Crew crew = Crew.of(args[0]);
    boolean ours = args[0].startsWith("goasync");
    int concurrency = Integer.parseInt(args[3]);
    long nanos = Long.parseLong(args[4]) * 1_000_000;
    var _ = crew.run(concurrency, _ -> program.work(ours, nanos)); // warms up the JIT
    Usage before = Usage.now();
    long done = crew.run(concurrency, _ -> program.work(ours, nanos));
    Usage.print(args[1], done, before);
  }

  private Crew.Work work(boolean ours, long nanos) {
    return () -> {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      long until = System.nanoTime() + nanos;
      long done = 0;
      do {
        for (int i = 0; i < AT_ONCE; i++) {
          if ((ours ? read(buffer) : readByChannel(buffer)) <= 0) {
            throw new IOException(file + " is empty");
          }
        }
        done += AT_ONCE;
      } while (System.nanoTime() < until);
      return done;
    };
  }

  private int read(ByteBuffer buffer) throws IOException {
    try (AsyncFile opened = AsyncFile.open(file)) {
      return opened.read(buffer.clear());
    }
  }

  private int readByChannel(ByteBuffer buffer) throws IOException {
    try (FileChannel opened = FileChannel.open(file)) {
      return opened.read(buffer.clear());
    }
  }
}
