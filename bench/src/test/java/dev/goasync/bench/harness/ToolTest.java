package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that are there or not, programs that are stale or fail. */
class ToolTest {
  @TempDir private Path folder;

  @Test
  void aToolIsFoundOnThePath() throws IOException {
    String path = ":/nowhere:" + folder;
    assertThat(Tool.NIM.missing(path)).contains("nim is missing: install the Debian package nim");

    var executable = PosixFilePermissions.fromString("rwx------");
    Files.createFile(folder.resolve("nim"), PosixFilePermissions.asFileAttribute(executable));

    assertThat(Tool.NIM.missing(path)).isEmpty();
  }

  @Test
  void aProgramIsStaleOnceASourceIsNewer() throws IOException {
    Path sources = Files.createDirectory(folder.resolve("src"));
    Path source = Files.createFile(sources.resolve("a"));
    Path built = folder.resolve("built");
    assertThat(Builds.isStale(built, sources)).isTrue();

    Files.createFile(built);
    Files.setLastModifiedTime(source, FileTime.fromMillis(1_000));
    Files.setLastModifiedTime(built, FileTime.fromMillis(2_000));
    assertThat(Builds.isStale(built, sources)).isFalse();

    Files.setLastModifiedTime(source, FileTime.fromMillis(3_000));
    assertThat(Builds.isStale(built, sources)).isTrue();
  }

  @Test
  void aPeerThatIsMissingOrFailsIsLeftOut() throws Exception {
    Suite suite =
        suite(
            Trial.of("go", "a", () -> List.of(new Measurement("c1", Metric.NS_PER_OP, 1))),
            Trial.of("nim", "b", Optional.of("no nim"), List::of),
            Trial.of(
                "node",
                "c",
                () -> {
                  throw new IOException("broke\nat length");
                }));

    Results results = new Runner(new Workplace(folder, true), Set.of()).run(suite, 2);

    assertThat(results.rows("c1", Metric.NS_PER_OP))
        .singleElement()
        .satisfies(row -> assertThat(row.rounds()).isEqualTo(2));
    assertThat(results.leftOut())
        .containsExactly(
            java.util.Map.entry("nim", "no nim"), java.util.Map.entry("node", "c failed: broke"));
  }

  private static Suite suite(Trial... trials) {
    return new Suite() {
      @Override
      public String name() {
        return "one";
      }

      @Override
      public String purpose() {
        return "Nothing.";
      }

      @Override
      public int rounds(boolean quick) {
        return 1;
      }

      @Override
      public List<Trial> trials(Workplace workplace) {
        return List.of(trials);
      }
    };
  }
}
