package dev.goasync.bench.program;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Reads from and appends to a file, in coroutines or in virtual threads. */
public final class FileWork {
  static final int BLOCK = 4096;
  private static final int CHUNK = 64 * 1024;

  private final Crew crew;
  private final Target target;
  private final String caseName;

  /** The file. */
  private interface Target {
    int read(ByteBuffer into, long position) throws IOException;

    int append(ByteBuffer from) throws IOException;

    long size() throws IOException;
  }

  private FileWork(Crew crew, Target target, String caseName) {
    this.crew = crew;
    this.target = target;
    this.caseName = caseName;
  }

  /**
   * Arguments: the peer, the case, the file, the concurrency, and the length: milliseconds to read,
   * or the number of appends.
   */
  public static void main(String[] args) throws Exception {
    boolean ours = args[0].equals("goasync");
    String caseName = args[1];
    Path path = Path.of(args[2]);
    FileWork work =
        new FileWork(
            Crew.of(args[0]),
            ours
                ? of(AsyncFile.open(path, options(caseName)))
                : of(FileChannel.open(path, options(caseName))),
            caseName);
    int atOnce = Integer.parseInt(args[3]);
    long length = Long.parseLong(args[4]);
    var _ = work.run(atOnce, length); // warms up the JIT
    Usage before = Usage.now();
    Usage.print(caseName, work.run(atOnce, length), before);
    Runtime.getRuntime().halt(0);
  }

  /**
   * The JDK's option for O_DIRECT, looked up by name, since the compiler warns about its package.
   */
  private static OpenOption direct() throws ReflectiveOperationException {
    Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
    return (OpenOption) options.getField("DIRECT").get(null);
  }

  static OpenOption[] options(String caseName) throws ReflectiveOperationException {
    if (caseName.equals("append")) {
      return new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
    }
    return caseName.startsWith("random-direct")
        ? new OpenOption[] {StandardOpenOption.READ, direct()}
        : new OpenOption[] {StandardOpenOption.READ};
  }

  private static Target of(AsyncFile file) {
    return new Target() {
      @Override
      public int read(ByteBuffer into, long position) throws IOException {
        return file.read(into, position);
      }

      @Override
      public int append(ByteBuffer from) throws IOException {
        return file.write(from);
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }
    };
  }

  private static Target of(FileChannel file) {
    return new Target() {
      @Override
      public int read(ByteBuffer into, long position) throws IOException {
        return file.read(into, position);
      }

      @Override
      public int append(ByteBuffer from) throws IOException {
        return file.write(from);
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }
    };
  }

  private long run(int atOnce, long length) throws Exception {
    long until = System.nanoTime() + length * 1_000_000;
    return crew.run(
        atOnce,
        seed ->
            switch (caseName) {
              case "append" -> () -> append(length);
              case "sequential" -> () -> readOn(until);
              default -> () -> readRandom(seed, until);
            });
  }

  private long readRandom(int seed, long until) throws IOException {
    ByteBuffer buffer = aligned();
    SplittableRandom random = new SplittableRandom(seed);
    long blocks = target.size() / BLOCK;
    long done = 0;
    for (; System.nanoTime() - until < 0; done++) {
      int read = target.read(buffer.rewind(), random.nextLong(blocks) * BLOCK);
      if (read != BLOCK) {
        throw new IOException("read " + read + " bytes");
      }
    }
    return done;
  }

  /** Allocates a buffer with the alignment that O_DIRECT requires. */
  static ByteBuffer aligned() {
    return ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK);
  }

  private long readOn(long until) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    long position = 0;
    long done = 0;
    for (; System.nanoTime() - until < 0; done++) {
      int read = target.read(buffer.clear(), position);
      position = read < CHUNK ? 0 : position + read;
    }
    return done;
  }

  private long append(long times) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
    for (long i = 0; i < times; i++) {
      buffer.clear();
      while (buffer.hasRemaining()) {
        target.append(buffer);
      }
    }
    return times;
  }
}
