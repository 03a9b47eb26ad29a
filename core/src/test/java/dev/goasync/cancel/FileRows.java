package dev.goasync.cancel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operations of files, and of pipes, which wait. */
final class FileRows {
  static final String CONTENT = "one\ntwo\n";

  private FileRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("open a file", OpenFile::new);
    table.accept("open a pipe that has no writer", OpenPipe::new);
    table.accept("read", dir -> new ReadFile(dir, AsyncFile::read));
    table.accept("read a direct buffer", dir -> new ReadFile(dir, FileRows::readDirect));
    table.accept("readAll", dir -> new ReadFile(dir, (file, b) -> put(b, file.readAll())));
    table.accept("write", WriteFile::new);
    table.accept("force", Force::new);
    table.accept("truncate", Truncate::new);
    table.accept("close a file", Close::new);
    table.accept("read a pipe", dir -> new ReadPipe(dir, AsyncFile::read));
    table.accept("readLine of a pipe", dir -> new ReadPipe(dir, FileRows::readLine));
    table.accept("write to a full pipe", dir -> new WritePipe(dir, ByteBuffer.allocate(3000)));
    table.accept(
        "write a direct buffer to a full pipe",
        dir -> new WritePipe(dir, ByteBuffer.allocateDirect(3000)));
  }

  private interface Read {
    int read(AsyncFile file, ByteBuffer target) throws Exception;
  }

  private static int put(ByteBuffer target, String text) {
    target.put(text.getBytes(UTF_8));
    return target.position();
  }

  private static int readLine(AsyncFile file, ByteBuffer target) throws Exception {
    return put(target, file.readLine() + "\n");
  }

  private static int readDirect(AsyncFile file, ByteBuffer target) throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(target.remaining());
    int count = file.read(direct);
    target.put(direct.flip());
    return count;
  }

  private static final class OpenFile extends CancelRow {
    private final Path path;

    OpenFile(Path dir) {
      path = dir.resolve("new");
    }

    @Override
    Object run() throws Exception {
      return AsyncFile.open(path, WRITE, CREATE_NEW);
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(Files.exists(path)).isEqualTo(result != null);
      if (result instanceof AsyncFile file) {
        file.writeAll("usable");
        file.close();
      }
    }
  }

  private static final class OpenPipe extends CancelRow {
    private final Path dir;
    private @Nullable AsyncFile other;

    OpenPipe(Path dir) {
      this.dir = dir;
    }

    @Override
    void open() throws Exception {
      Fifo.make(dir.resolve("fifo"));
    }

    @Override
    Object run() throws Exception {
      return AsyncFile.open(dir.resolve("fifo"));
    }

    @Override
    @Nullable String obstacle() {
      return Differences.ofPipes();
    }

    /** A ring opens a pipe without waiting for its peer. */
    @Override
    boolean waits() {
      return false;
    }

    @Override
    void release() throws Exception {
      other = AsyncFile.open(dir.resolve("fifo"), READ, WRITE);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      if (!released) {
        release();
      }
      AsyncFile reader = (AsyncFile) (result == null ? run() : result);
      AsyncFile writer = Objects.requireNonNull(other);
      writer.writeAll("usable\n");
      assertThat(reader.readLine()).isEqualTo("usable");
      reader.close();
      writer.close();
    }
  }

  /** A row over a file with some content. */
  abstract static class FileRow extends CancelRow {
    final Path path;
    private @Nullable AsyncFile file;

    FileRow(Path dir) {
      path = dir.resolve("file");
    }

    AsyncFile file() throws Exception {
      if (file == null) {
        file = AsyncFile.open(path, READ, WRITE);
      }
      return file;
    }

    @Override
    void open() throws Exception {
      Files.writeString(path, CONTENT);
      file();
    }

    @Override
    boolean waits() {
      return false;
    }

    @Override
    void close() throws Exception {
      file().close();
    }
  }

  private static final class ReadFile extends FileRow {
    private final Read read;
    private final ByteBuffer got = ByteBuffer.allocate(100);

    ReadFile(Path dir, Read read) {
      super(dir);
      this.read = read;
    }

    @Override
    Object run() throws Exception {
      return read.read(file(), got);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(got.position()).isEqualTo(result == null ? 0 : (int) result);
      String rest = file().readAll();
      assertThat(UTF_8.decode(got.flip()) + rest).isEqualTo(CONTENT);
    }
  }

  private static final class WriteFile extends FileRow {
    private final ByteBuffer source = UTF_8.encode("12345");

    WriteFile(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      return file().write(source);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      int count = result == null ? 0 : (int) result;
      assertThat(source.position()).isEqualTo(count);
      assertThat(file().position()).isEqualTo(count);
      file().writeAll(source);
      assertThat(path).hasContent("12345wo\n");
    }
  }

  private static final class Force extends FileRow {
    Force(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      file().force(true);
      return "forced";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      file().force(false);
      assertThat(file().readAll()).isEqualTo(CONTENT);
    }
  }

  private static final class Truncate extends FileRow {
    Truncate(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      file().truncate(3);
      return "cut";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(path).hasContent(result == null ? CONTENT : "one");
      file().truncate(1);
      assertThat(path).hasContent("o");
    }
  }

  private static final class Close extends FileRow {
    Close(Path dir) {
      super(dir);
    }

    @Override
    boolean cancellable() {
      return false;
    }

    @Override
    Object run() throws Exception {
      file().close();
      return "closed";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(file().isOpen()).isEqualTo(result == null);
    }
  }

  private static class PipeRow extends FileRow {
    PipeRow(Path dir) {
      super(dir);
    }

    @Override
    @Nullable String obstacle() {
      return Differences.ofPipes();
    }

    @Override
    void open() throws Exception {
      Fifo.make(path);
      file();
    }

    @Override
    boolean waits() {
      return true;
    }

    @Override
    Object run() throws Exception {
      throw new UnsupportedOperationException();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {}
  }

  private static final class ReadPipe extends PipeRow {
    private final Read read;
    private final ByteBuffer got = ByteBuffer.allocate(100);

    ReadPipe(Path dir, Read read) {
      super(dir);
      this.read = read;
    }

    @Override
    Object run() throws Exception {
      return read.read(file(), got);
    }

    @Override
    void release() throws Exception {
      file().writeAll("line\n");
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(got.position()).isEqualTo(result == null ? 0 : (int) result);
      if (!released) {
        release();
      }
      while (got.position() < 5) {
        run();
      }
      file().writeAll("next\n");
      assertThat(file().readLine()).isEqualTo("next");
      assertThat(UTF_8.decode(got.flip()).toString()).isEqualTo("line\n");
    }
  }

  /** The pipe is filled by a writer that is cancelled when it is stuck, which is one test more. */
  private static final class WritePipe extends PipeRow {
    private static final int ROOM = 64 * 1024;

    private final ByteBuffer source;
    private int inside;

    WritePipe(Path dir, ByteBuffer source) {
      super(dir);
      this.source = source;
    }

    @Override
    void open() throws Exception {
      super.open();
      Task<?> filler =
          GoAsync.goAsync(() -> {
            while (true) {
              inside += file().write(ByteBuffer.allocate(1000));
            }
          });
      for (int before = -1; before != inside; ) {
        before = inside;
        Waiting.forATurn();
      }
      filler.cancel("full");
      try {
        filler.await();
      } catch (CancellationException asWanted) {
        // what it wrote is counted
      }
      for (int i = 0; source.hasRemaining(); i++) {
        source.put((byte) (1 + i % 100));
      }
      source.flip();
    }

    @Override
    Object run() throws Exception {
      return file().write(source);
    }

    @Override
    void release() throws Exception {
      ByteBuffer zeros = ByteBuffer.allocate(ROOM / 2);
      inside -= file().read(zeros);
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      int count = result == null ? 0 : (int) result;
      assertThat(source.position()).isEqualTo(count);
      if (!released) {
        release();
      }
      Task<?> rest = GoAsync.goAsync(() -> file().writeAll(source));
      List<Byte> got = new ArrayList<>();
      ByteBuffer some = ByteBuffer.allocate(10_000);
      for (int left = inside + source.capacity(); left > 0; left -= some.limit()) {
        some.clear().limit(Math.min(left, some.capacity()));
        file().read(some);
        some.flip();
        while (some.hasRemaining()) {
          got.add(some.get());
        }
      }
      rest.await();
      assertThat(got.subList(0, inside)).containsOnly((byte) 0);
      for (int i = 0; i < source.capacity(); i++) {
        assertThat(got.get(inside + i)).isEqualTo((byte) (1 + i % 100));
      }
    }
  }
}
