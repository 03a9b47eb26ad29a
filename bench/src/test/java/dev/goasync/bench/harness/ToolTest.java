package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for tools, and detects stale programs. */
class ToolTest {
  @TempDir private Path directory;

  @Test
  void aToolIsFoundInThePath() throws IOException {
    String path = ":/nowhere:" + directory;
    assertThat(Tool.NIM.missing(path)).contains("nim is missing: install the Debian package nim");

    var executable = PosixFilePermissions.fromString("rwx------");
    Files.createFile(directory.resolve("nim"), PosixFilePermissions.asFileAttribute(executable));

    assertThat(Tool.NIM.missing(path)).isEmpty();
  }

  @Test
  void aProgramIsStaleIfASourceIsNewer() throws IOException {
    Path sources = Files.createDirectory(directory.resolve("src"));
    Path source = Files.createFile(sources.resolve("a"));
    Path built = directory.resolve("built");
    assertThat(Builds.isStale(built, sources)).isTrue();

    Files.createFile(built);
    Files.setLastModifiedTime(source, FileTime.fromMillis(1_000));
    Files.setLastModifiedTime(built, FileTime.fromMillis(2_000));
    assertThat(Builds.isStale(built, sources)).isFalse();

    Files.setLastModifiedTime(source, FileTime.fromMillis(3_000));
    assertThat(Builds.isStale(built, sources)).isTrue();
  }
}
