package dev.goasync.bench.program;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Counts the words of many small files, in coroutines or in virtual threads. */
public final class WordCount {
  /** Reads the bytes of a file. */
  @FunctionalInterface
  private interface Reader {
    byte[] read(Path file) throws IOException;
  }

  private final Crew crew;
  private final Reader reader;
  private final List<Path> files;

  private WordCount(Crew crew, Reader reader, List<Path> files) {
    this.crew = crew;
    this.reader = reader;
    this.files = files;
  }

  /**
   * Arguments: the peer, the case, the directory, the concurrency, and the milliseconds to measure.
   */
  public static void main(String[] args) throws Exception {
    Reader reader = args[0].startsWith("goasync") ? WordCount::readAsync : Files::readAllBytes;
    WordCount count = new WordCount(Crew.of(args[0]), reader, filesIn(Path.of(args[2])));
    int atOnce = Integer.parseInt(args[3]);
    long milliseconds = Long.parseLong(args[4]);
    var _ = count.countOften(atOnce, milliseconds); // warms up the JIT
    Usage before = Usage.now();
    Usage.print(args[1], count.countOften(atOnce, milliseconds), before);
    Runtime.getRuntime().halt(0);
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static byte[] readAsync(Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path)) {
      return file.readAllBytes();
    }
  }

  /** Counts all files repeatedly, and returns the number of files counted. */
  private long countOften(int atOnce, long milliseconds) throws Exception {
    long until = System.nanoTime() + milliseconds * 1_000_000;
    long done = 0;
    long words = 0;
    do {
      long counted = countAll(atOnce);
      if (counted == 0 || (words > 0 && counted != words)) {
        throw new AssertionError(counted + " words, and before " + words);
      }
      words = counted;
      done += files.size();
    } while (System.nanoTime() - until < 0);
    return done;
  }

  private long countAll(int atOnce) throws Exception {
    AtomicInteger next = new AtomicInteger();
    return crew.run(
        atOnce,
        _ ->
            () -> {
              long words = 0;
              for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
                words += words(reader.read(files.get(i)));
              }
              return words;
            });
  }

  private static long words(byte[] text) {
    long words = 0;
    boolean inside = false;
    for (byte each : text) {
      boolean isSpace = each == ' ' || each == '\n';
      words += inside || isSpace ? 0 : 1;
      inside = !isSpace;
    }
    return words;
  }
}
