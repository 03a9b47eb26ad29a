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

/** What the formatter does not see; docs/STYLE says why. Holds for tests as for the library. */
final class StyleTest {
  private static final int LINES_MAX = 500;

  /** Written in halves so that this file does not match. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  @Test
  void filesAreShort() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.size() > LINES_MAX))
        .as("files over %d lines: find the second subject in each and give it a file", LINES_MAX)
        .isEmpty();
  }

  @Test
  void nothingIsLeftToDo() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.stream().anyMatch(UNFINISHED.asPredicate())))
        .as("do it, or open an issue")
        .isEmpty();
  }

  @Test
  void noTabs() throws Exception {
    assertThat(filesWhere((_, lines) -> lines.stream().anyMatch(line -> line.contains("\t"))))
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws Exception {
    var folders = new TreeSet<Path>();
    for (Path file : SourceTree.javaFiles()) {
      Path folder = file.getParent();
      if (folder != null && isMain(file) && !file.endsWith("module-info.java")) {
        folders.add(folder);
      }
    }
    folders.removeIf(folder -> Files.exists(folder.resolve("package-info.java")));
    assertThat(folders).as("folders without a package-info.java").isEmpty();
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
