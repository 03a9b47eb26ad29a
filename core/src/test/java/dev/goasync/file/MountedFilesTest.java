package dev.goasync.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Caller;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Full and read-only file systems, which the test mounts; needs root. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class MountedFilesTest {
  private static final int SPACE = 1 << 20;

  @TempDir Path dir;
  private boolean mounted;

  private void mount(String options) throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", options, "none", dir.toString());
    assumeTrue(mounted, "mounts: only root may mount, and not in every container");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    var discard = ProcessBuilder.Redirect.DISCARD;
    return new ProcessBuilder(command) // without pipes, which the leak check would report
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(discard)
            .redirectError(discard)
            .start()
            .waitFor()
        == 0;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", dir.toString())).as("nothing is open there").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriteToAFullDiskReportsTheWrittenCount(Caller caller) throws Exception {
    mount("size=" + SPACE);
    Path path = dir.resolve("file");
    ByteBuffer source = ByteBuffer.allocate(2 * SPACE);
    caller.run(() -> {
      try (var file = AsyncFile.open(path, CREATE, WRITE)) {
        assertThatThrownBy(() -> file.writeAll(source))
            .isExactlyInstanceOf(FileSystemException.class)
            .hasMessage(path + ": No space left on device; " + SPACE + " bytes were written");
        assertThat(source.position()).isEqualTo(SPACE);
        assertThat(file.size()).isEqualTo(SPACE);
        assertThatThrownBy(() -> file.allocate(0, 2L * SPACE))
            .hasMessageContaining("No space left on device");
        file.truncate(0);
        file.allocate(0, SPACE / 2);
      }
      assertThatThrownBy(() -> AsyncFiles.write(path, source.array()))
          .hasMessageContaining("; " + SPACE + " bytes were written");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCopyToAFullDiskLeavesNoTarget(Caller caller) throws Exception {
    mount("size=" + SPACE);
    Path source = Files.write(dir.resolve("source"), new byte[SPACE * 2 / 3]);
    Path target = dir.resolve("target");
    caller.run(() -> {
      assertThatThrownBy(() -> AsyncFiles.copy(source, target))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("bytes were copied");
      assertThat(target).doesNotExist();
      try (var from = AsyncFile.open(source);
          var to = AsyncFile.open(target, CREATE, READ, WRITE)) {
        assertThatThrownBy(() -> from.transferTo(0, SPACE, to))
            .hasMessageContaining(to.size() + " bytes were copied");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void errorsNameAReadOnlyFileSystem(Caller caller) throws Exception {
    mount("ro");
    Path path = dir.resolve("file");
    caller.run(() -> {
      assertThatThrownBy(() -> AsyncFile.open(path, CREATE, WRITE))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(path + ": Read-only file system");
      assertThatThrownBy(() -> AsyncFiles.createDirectory(path))
          .hasMessage(path + ": Read-only file system");
      assertThatThrownBy(() -> AsyncFiles.createTempFile(dir, null, null))
          .hasMessageContaining("Read-only file system");
    });
  }
}
