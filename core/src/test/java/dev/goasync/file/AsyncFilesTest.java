package dev.goasync.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behaviour of {@code AsyncFiles} that differs from {@code Files}. */
@Conformance
final class AsyncFilesTest {
  private static final int LARGE = 20 << 20;

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void readsProcFilesThatReportSizeZero(Caller caller) throws Exception {
    caller.run(
        () -> assertThat(AsyncFiles.readString(Path.of("/proc/self/status"))).startsWith("Name:"));
  }

  @ParameterizedTest
  @EnumSource
  void newFilesAreCreatedWithTheirAttributes(Caller caller) throws Exception {
    var secret = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-wx------"));
    var times =
        new FileAttribute<Object>() {
          @Override
          public String name() {
            return "basic:lastModifiedTime";
          }

          @Override
          public Object value() {
            return "";
          }
        };
    Path path = dir.resolve("new");
    caller.run(() -> {
      AsyncFile.open(path, Set.of(CREATE_NEW, WRITE), secret).close();
      assertThat(Files.getPosixFilePermissions(path)).isEqualTo(secret.value());
      assertThatThrownBy(() -> AsyncFile.open(path, Set.of(CREATE, WRITE), times))
          .isInstanceOf(UnsupportedOperationException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFailedWriteNamesTheFile(Caller caller) throws Exception {
    caller.run(() ->
        assertThatThrownBy(() -> AsyncFiles.write(Path.of("/dev/full"), new byte[9], WRITE))
            .hasMessage("/dev/full: No space left on device"));
  }

  @ParameterizedTest
  @EnumSource
  void aCopyReportsProgress(Caller caller) throws Exception {
    Path source = Files.write(dir.resolve("source"), new byte[LARGE]);
    Path target = dir.resolve("target");
    List<Long> seen = new ArrayList<>();
    caller.run(() -> {
      assertThat(AsyncFiles.copy(source, target, seen::add)).isEqualTo(target);
      assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    });
    assertThat(seen).isSorted().hasSizeGreaterThan(2).endsWith((long) LARGE);
  }

  @Test
  void aCancelledCopyLeavesNoTarget() throws Exception {
    Path source = Files.write(dir.resolve("source"), new byte[LARGE]);
    Path target = dir.resolve("target");
    Caller.COROUTINE.run(() -> {
      Task<?>[] self = new Task<?>[1];
      long[] seen = {0};
      Task<?> copy =
          GoAsync.goAsync(() ->
              AsyncFiles.copy(
                  source,
                  target,
                  copied -> {
                    seen[0] = copied;
                    self[0].cancel("by the test");
                  }));
      self[0] = copy;
      assertThatThrownBy(copy::await).isInstanceOf(CancellationException.class);
      assertThat(seen[0]).isBetween(1L, LARGE - 1L);
      assertThat(Files.exists(target)).isFalse();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCopyWithAFailingProgressCallbackLeavesNoTarget(Caller caller) throws Exception {
    Path source = Files.write(dir.resolve("source"), new byte[10]);
    Path target = dir.resolve("target");
    caller.run(() ->
        assertThatThrownBy(() ->
                AsyncFiles.copy(
                    source,
                    target,
                    copied -> {
                      throw new IllegalStateException("by the test");
                    }))
            .isInstanceOf(IllegalStateException.class));
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void pathsOfZipFileSystemsWork(Caller caller) throws Exception {
    Path archive = dir.resolve("archive.zip");
    caller.run(() -> {
      try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
        Path inside = zip.getPath("/inside");
        AsyncFiles.writeString(inside, "zipped");
        assertThat(AsyncFiles.readString(inside)).isEqualTo("zipped");
        assertThat(AsyncFiles.list(zip.getPath("/"))).hasSize(1);
        AsyncFiles.copy(inside, dir.resolve("outside"));
      }
      assertThat(AsyncFiles.readString(dir.resolve("outside"))).isEqualTo("zipped");
    });
  }

  @Test
  @SuppressWarnings("NullAway") // null is the wrong input
  void rejectsNull() throws Exception {
    assertThatThrownBy(() -> AsyncFiles.readAllBytes(null)).hasMessage("path");
    assertThatThrownBy(() -> AsyncFiles.write(dir, (byte[]) null)).hasMessage("bytes");
    assertThatThrownBy(() -> AsyncFiles.copy((Path) null, dir)).hasMessage("source");
    assertThatThrownBy(() -> AsyncFiles.copy(dir, (Path) null)).hasMessage("target");
    assertThatThrownBy(() -> AsyncFiles.copy(dir, dir, (LongConsumer) null)).hasMessage("progress");
    assertThatThrownBy(() -> AsyncFiles.copy(dir, dir, (CopyOption) null)).hasMessage("option");
    assertThatThrownBy(() -> AsyncFiles.walk(null)).hasMessage("start");
    assertThatThrownBy(() -> AsyncFiles.walk(dir, 1, (PathVisitor) null)).hasMessage("visitor");
  }
}
