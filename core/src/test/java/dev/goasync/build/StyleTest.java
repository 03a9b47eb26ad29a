package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks rules of docs/STYLE that the formatter does not, in the library and in the tests. */
final class StyleTest {
  private static final int LINES_MAX = 500;

  /** In halves, so that this file does not match. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  @Test
  void filesAreShort() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.size() > LINES_MAX))
        .as("files over %d lines: move the second subject of each to a file of its own", LINES_MAX)
        .isEmpty();
  }

  @Test
  void noUnfinishedWork() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.stream().anyMatch(UNFINISHED.asPredicate())))
        .as("unfinished work: finish it, or open an issue")
        .isEmpty();
  }

  @Test
  void noTabs() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.stream().anyMatch(line -> line.contains("\t"))))
        .isEmpty();
  }

  @Test
  void everyPackageHasADescription() throws Exception {
    var directories = new TreeSet<Path>();
    for (Path file : SourceTree.javaFiles()) {
      Path directory = file.getParent();
      if (directory != null && isMain(file) && !file.endsWith("module-info.java")) {
        directories.add(directory);
      }
    }
    directories.removeIf(directory -> Files.exists(directory.resolve("package-info.java")));
    assertThat(directories).as("directories without a package-info.java").isEmpty();
  }

  @Test
  void examplesUseOnlyThePublicInterface() throws Exception {
    assertThat(
            filesWhere((name, lines) ->
                name.startsWith("examples/")
                    && lines.stream().anyMatch(line -> line.contains("dev.goasync.internal"))))
        .isEmpty();
  }

  private static boolean isMain(Path file) {
    return file.toString().replace('\\', '/').contains("/src/main/java/");
  }

  private interface Rule {
    boolean isBrokenBy(String name, List<String> lines);
  }

  private static List<String> filesWhere(Rule rule) throws IOException {
    try (Stream<Path> files = SourceTree.javaFiles().stream()) {
      return files
          .filter(file -> rule.isBrokenBy(SourceTree.name(file), linesOf(file)))
          .map(file -> SourceTree.name(file))
          .toList();
    }
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
