package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.file.PathVisitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the lines, words and bytes of all files in a directory tree, many files concurrently, and
 * prints the output of {@code wc} for the same files. Usage: {@code wc PATH}
 */
public final class Wc {
  private static final int MAX_CONCURRENCY = 64;
  private static final int MAX_BUFFERED = 64 * 1024;

  private final ProgressBar bar = new ProgressBar();
  private final boolean utf8 = isUtf8();

  // Used by coroutines of one loop only, so no locks are needed.
  private final Map<String, WordCounter> counted = new TreeMap<>();
  private long files;
  private long bytes;
  private boolean failed;

  private Wc() {}

  public static void main(String[] args) {
    Cli.run(
        "wc PATH",
        args,
        options -> {
          Path path = Path.of(options.operands().getFirst());
          Wc wc = new Wc();
          goAsync(() -> wc.run(path)).await();
          System.exit(wc.failed ? 1 : 0);
        });
  }

  /** Returns whether {@code wc} would use UTF-8. */
  private static boolean isUtf8() {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = System.getenv().getOrDefault(name, "");
      if (!locale.isEmpty()) {
        return locale.toLowerCase(java.util.Locale.ROOT).matches(".*utf-?8.*");
      }
    }
    return false;
  }

  private void run(Path start) throws IOException {
    AsyncFiles.walk(start, MAX_CONCURRENCY, new Counting());
    bar.remove();
    WordCounter total = new WordCounter(utf8);
    counted.values().forEach(total::add);
    int width = Long.toString(total.bytes()).length();
    StringBuilder text = new StringBuilder();
    counted.forEach(
        (path, counts) -> text.append(counts.columns(width)).append(' ').append(path).append('\n'));
    if (counted.size() > 1) {
      text.append(total.columns(width)).append(" total\n");
    }
    System.out.print(text);
  }

  private final class Counting implements PathVisitor {
    @Override
    public void visit(Path path, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        try {
          counted.put(path.toString(), count(path, attributes.size()));
        } catch (IOException cause) {
          failed(path, cause);
        }
      }
    }

    @Override
    public void failed(Path path, IOException cause) {
      failed = true;
      bar.remove();
      boolean namesPath = cause instanceof FileSystemException;
      System.err.println("wc: " + (namesPath ? "" : path + ": ") + Cli.reason(cause));
    }
  }

  private WordCounter count(Path path, long size) throws IOException {
    WordCounter counter = new WordCounter(utf8);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size + 1, MAX_BUFFERED));
    try (AsyncFile file = AsyncFile.open(path)) {
      while (file.read(buffer) >= 0) {
        counter.count(buffer.array(), buffer.position());
        bytes += buffer.position();
        buffer.clear();
      }
    }
    counter.finish();
    files++;
    bar.show(0, 0, files + " files, " + bytes / 1024 + " KiB");
    return counter;
  }
}
