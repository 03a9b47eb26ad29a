package dev.goasync.cancel;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Operations on names: each has been done or has not. */
final class PathRows {
  private static final String CONTENT = "content";

  private PathRows() {}

  static void addTo(BiConsumer<String, Function<Path, CancelRow>> table) {
    table.accept("delete", Delete::new);
    table.accept("copy a file", Copy::new);
    table.accept("walk", Walk::new);
    table.accept("open beneath", OpenBeneath::new);
    table.accept("rename beneath", RenameBeneath::new);
  }

  private abstract static class PathRow extends CancelRow {
    final Path dir;
    final Path path;

    PathRow(Path dir) {
      this.dir = dir;
      this.path = dir.resolve("file");
    }

    @Override
    void open() throws Exception {
      Files.writeString(path, CONTENT);
    }

    @Override
    boolean waits() {
      return false;
    }
  }

  private static final class Delete extends PathRow {
    Delete(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      AsyncFiles.delete(path);
      return "deleted";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(Files.exists(path)).isEqualTo(result == null);
      assertThat(AsyncFiles.deleteIfExists(path)).isEqualTo(result == null);
    }
  }

  private static final class Copy extends PathRow {
    Copy(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      return AsyncFiles.copy(path, dir.resolve("copy"));
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(Files.exists(dir.resolve("copy"))).isEqualTo(result != null);
      Path copy = result == null ? (Path) run() : dir.resolve("copy");
      assertThat(copy).hasContent(CONTENT);
    }
  }

  private abstract static class BeneathRow extends PathRow {
    @Nullable AsyncDirectory directory;

    BeneathRow(Path dir) {
      super(dir);
    }

    @Override
    void open() throws Exception {
      super.open();
      directory = AsyncDirectory.open(dir);
    }

    AsyncDirectory directory() {
      return Objects.requireNonNull(directory);
    }

    @Override
    void close() throws Exception {
      if (directory != null) {
        directory.close();
      }
    }
  }

  /** Creates the file, so that the kernel cannot open it at once. */
  private static final class OpenBeneath extends BeneathRow {
    OpenBeneath(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      try (var file = directory().openFile("new", CREATE, WRITE)) {
        return file.size();
      }
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(result).isIn(null, 0L);
      assertThat(run()).isEqualTo(0L);
    }
  }

  private static final class RenameBeneath extends BeneathRow {
    RenameBeneath(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      directory().rename("file", "renamed");
      return "renamed";
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(dir.resolve(result == null ? "file" : "renamed")).hasContent(CONTENT);
      assertThat(Files.exists(dir.resolve(result == null ? "renamed" : "file"))).isFalse();
      directory().rename(result == null ? "file" : "renamed", "again");
    }
  }

  private static final class Walk extends PathRow {
    Walk(Path dir) {
      super(dir);
    }

    @Override
    Object run() throws Exception {
      try (Stream<Path> walk = AsyncFiles.walk(dir)) {
        return walk.count();
      }
    }

    @Override
    void check(@Nullable Object result, boolean released) throws Exception {
      assertThat(result).isIn(null, 2L);
      assertThat(run()).isEqualTo(2L);
    }
  }
}
