package dev.goasync.cancel;

import static dev.goasync.cancel.FileRows.CONTENT;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.cancel.FileRows.FileRow;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFileLock;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operations of files that the kernel does not do asynchronously. */
final class SpaceRows {
  private SpaceRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("transfer to a file", TransferFile::new);
    table.accept("lock", LockFile::new);
    table.accept("allocate", Allocate::new);
  }

  private static final class TransferFile extends FileRow {
    private final Path copy;
    private @Nullable AsyncFile target;

    TransferFile(Path dir) {
      super(dir);
      copy = dir.resolve("copy");
    }

    private AsyncFile target() throws Exception {
      if (target == null) {
        target = AsyncFile.open(copy, WRITE, CREATE_NEW);
      }
      return target;
    }

    @Override
    void open() throws Exception {
      super.open();
      target();
    }

    @Override
    Object run() throws Exception {
      return file().transferTo(0, 100, target());
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      long moved = result == null ? 0 : (long) result;
      assertThat(target().position()).isEqualTo(moved);
      file().transferTo(moved, 100, target());
      assertThat(copy).hasContent(CONTENT);
    }

    @Override
    void close() throws Exception {
      target().close();
      super.close();
    }
  }

  /** Waits for another's lock. */
  private static final class LockFile extends FileRow {
    private @Nullable AsyncFile other;
    private @Nullable AsyncFileLock held;

    LockFile(Path dir) {
      super(dir);
    }

    @Override
    void open() throws Exception {
      super.open();
      AsyncFile opened = AsyncFile.open(path, WRITE);
      other = opened;
      held = opened.lock();
    }

    @Override
    boolean waits() {
      return true;
    }

    @Override
    Object run() throws Exception {
      return file().lock();
    }

    @Override
    void release() throws Exception {
      Objects.requireNonNull(held).release();
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      release();
      AsyncFileLock lock = (AsyncFileLock) (result == null ? run() : result);
      assertThat(Objects.requireNonNull(other).tryLock()).isNull();
      lock.release();
    }

    @Override
    void close() throws Exception {
      Objects.requireNonNull(other).close();
      super.close();
    }
  }

  private static final class Allocate extends FileRow {
    Allocate(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      file().allocate(0, 1000);
      return "reserved";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(file().size()).isEqualTo(result == null ? CONTENT.length() : 1000);
      file().allocate(0, 2000);
      assertThat(file().size()).isEqualTo(2000);
    }
  }
}
