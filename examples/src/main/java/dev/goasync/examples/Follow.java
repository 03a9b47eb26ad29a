package dev.goasync.examples;

import dev.goasync.TaskScope;
import dev.goasync.file.AsyncFile;
import dev.goasync.sync.Mutex;
import dev.goasync.system.Signals;
import dev.goasync.system.StandardStream;
import dev.goasync.watch.FileWatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints the last lines of files and all lines that are appended to them, until Ctrl-C. A truncated
 * file is printed from its beginning; after a rotation the new file is printed; a file that does
 * not exist is awaited. Usage: {@code follow FILE...}
 */
public final class Follow {
  private static final int LINES = 10;

  /** The size of the end of a file that is searched for the last lines. */
  private static final int TAIL_BYTES = 64 * 1024;

  private static final int REMEMBERED_BYTES = 256;

  /** The output; prints a title when the file changes. Guarded by a lock of coroutines. */
  private static final class Screen {
    private final Mutex mutex = new Mutex();
    private final boolean titles;
    private @Nullable Path last;

    Screen(boolean titles) {
      this.titles = titles;
    }

    void show(Path path, ByteBuffer bytes) throws IOException {
      mutex.withLock(() -> {
        if (titles && !path.equals(last)) {
          StandardStream.out().writeAll((last == null ? "" : "\n") + "==> " + path + " <==\n");
          last = path;
        }
        StandardStream.out().writeAll(bytes);
      });
    }
  }

  private final Path path;
  private final Screen screen;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(TAIL_BYTES);
  private @Nullable AsyncFile file;

  /** The position of the next byte to print. */
  private long position;

  /** The bytes before the position, to detect a file that was truncated and has grown again. */
  private byte[] printed = {};

  /** Identifies the open file, to detect that the path names another one. */
  private @Nullable Object key;

  private Follow(Path path, Screen screen) {
    this.path = path;
    this.screen = screen;
  }

  public static void main(String[] args) {
    Cli.run(
        "follow FILE...",
        args,
        options -> {
          List<Path> paths = options.operands().stream().map(Path::of).toList();
          Signals.<IOException>runMain(() -> followAll(paths));
        });
  }

  private static void followAll(List<Path> paths) throws IOException {
    TaskScope.<Screen, IOException>run(scope -> {
      Screen screen = new Screen(paths.size() > 1);
      for (Path path : paths) {
        scope.goAsync(() -> new Follow(path, screen).run());
      }
      return screen;
    });
  }

  private void run() throws IOException {
    try (FileWatch watch = FileWatch.file(path)) {
      if (!open()) {
        System.err.println("follow: " + path + " does not exist yet");
      } else {
        goToLastLines();
      }
      while (true) {
        showNew();
        if (file == null || isReplaced()) {
          boolean first = file == null;
          showNew(); // lines appended to the old file before the new one was created
          close();
          if (open()) {
            System.err.println("follow: " + path + (first ? " was created" : " was replaced"));
            continue;
          }
        }
        watch.take();
      }
    } finally {
      close();
    }
  }

  private boolean open() throws IOException {
    try {
      file = AsyncFile.open(path);
      position = 0;
      printed = new byte[0];
      key = keyOf(path);
      return true;
    } catch (NoSuchFileException notThere) {
      return false;
    }
  }

  private void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private boolean isReplaced() throws IOException {
    try {
      return !Objects.equals(key, keyOf(path));
    } catch (NoSuchFileException moved) {
      return false; // the open file is followed until a new one exists
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private void goToLastLines() throws IOException {
    AsyncFile opened = Objects.requireNonNull(file);
    long start = Math.max(0, opened.size() - TAIL_BYTES);
    opened.read(buffer.clear(), start);
    buffer.flip();
    int end = buffer.limit();
    boolean complete = end > 0 && buffer.get(end - 1) == '\n';
    int left = complete ? LINES : LINES - 1; // text after the last line end counts as a line
    int from = end;
    while (from > 0 && (buffer.get(from - 1) != '\n' || left-- > 0)) {
      from--;
    }
    position = start + from;
  }

  /**
   * Shows what follows {@link #position}. Each read begins with the bytes printed last: if they
   * differ, the file was rewritten. One read answers both, since the file may change between two.
   */
  private void showNew() throws IOException {
    AsyncFile opened = file;
    if (opened == null) {
      return;
    }
    while (true) {
      int count = Math.max(0, opened.read(buffer.clear(), position - printed.length));
      buffer.flip();
      boolean continues = count >= printed.length && startsWithPrinted();
      if (!continues || (count == 0 && opened.size() < position)) {
        System.err.println("follow: " + path + " was truncated");
        position = 0;
        printed = new byte[0];
        continue;
      }
      if (count == printed.length) {
        return;
      }
      position += count - printed.length;
      buffer.position(printed.length);
      remember();
      screen.show(path, buffer);
    }
  }

  private boolean startsWithPrinted() {
    return buffer.slice(0, printed.length).equals(ByteBuffer.wrap(printed));
  }

  /** Keeps the last bytes of the buffer, which are shown next. */
  private void remember() {
    byte[] last = new byte[Math.min(buffer.remaining(), REMEMBERED_BYTES)];
    buffer.get(buffer.limit() - last.length, last);
    printed = last;
  }
}
