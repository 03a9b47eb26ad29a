package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Pages of the guide show code that the tests of module {@code interop} and of the adapters run,
 * and name the versions that they use. {@code -Dformat=apply} copies the code into the pages.
 */
final class SnippetsTest {
  /** A library as Maven names it: group, artifact, version. */
  private static final Pattern COORDINATES =
      Pattern.compile("`([\\w.-]+):([\\w.-]+):(\\d[\\w.-]*)`");

  private static List<Path> pages() {
    return SourceTree.markdownFilesBelow(SourceTree.root().resolve("docs/guide"));
  }

  private static List<String> linesOfPages() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path page : pages()) {
      lines.addAll(Files.readAllLines(page));
    }
    return lines;
  }

  @Test
  void codeIsThatOfTheTests() throws Exception {
    for (Path page : pages()) {
      List<String> before = Files.readAllLines(page);
      List<String> after = withSnippets(before);
      if (!"apply".equals(System.getProperty("format"))) {
        assertThat(before)
            .as("%s; run: mvn test -pl core -Dtest=SnippetsTest -Dformat=apply", page)
            .isEqualTo(after);
      } else if (!before.equals(after)) {
        Files.write(page, after);
      }
    }
  }

  private static List<String> withSnippets(List<String> page) throws IOException {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      result.add(page.get(i));
      if (page.get(i).startsWith(Snippet.FROM)) {
        assertThat(page.get(++i)).as("the line behind %s", page.get(i - 1)).isEqualTo("```java");
        result.add(page.get(i));
        result.addAll(Snippet.of(page.get(i - 1)));
        while (!page.get(i + 1).equals("```")) {
          i++;
        }
      }
    }
    return result;
  }

  @Test
  void codeUsesNoHelperOfTheTests() throws Exception {
    assertThat(linesOfPages()).noneMatch(line -> line.startsWith("import dev.goasync.interop"));
  }

  @Test
  void everyMarkedTestIsShown() throws Exception {
    Set<Path> shown = new TreeSet<>();
    for (String line : linesOfPages()) {
      if (line.startsWith(Snippet.FROM)) {
        shown.add(Snippet.fileOf(line));
      }
    }
    Set<Path> marked = new TreeSet<>();
    for (Path file : SourceTree.javaFiles()) {
      if (isShownIfMarked(file) && Files.readString(file).contains(Snippet.BEGIN)) {
        marked.add(file);
      }
    }
    assertThat(shown).isEqualTo(marked);
  }

  /** Files of core contain the mark in their code. */
  private static boolean isShownIfMarked(Path file) {
    String name = SourceTree.name(file);
    return name.startsWith("interop/")
        || name.startsWith("adapters/")
        || name.startsWith("inspector/");
  }

  @Test
  void versionsAreThoseOfTheTests() throws Exception {
    var build = new StringBuilder();
    for (Path file : SourceTree.textFiles()) {
      if (SourceTree.name(file).matches("(interop|adapters/\\w+)/pom.xml")) {
        build.append(Files.readString(file));
      }
    }
    List<MatchResult> named =
        COORDINATES.matcher(String.join("\n", linesOfPages())).results().toList();
    assertThat(named).as("libraries that the page names").isNotEmpty();
    for (MatchResult library : named) {
      assertThat(build)
          .contains(
              "<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
                  .formatted(library.group(1), library.group(2), library.group(3)));
    }
  }
}
