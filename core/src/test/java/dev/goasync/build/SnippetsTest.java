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
 * docs/guide/libraries.md shows code that the tests of module {@code interop} run, and names the
 * versions that they use. {@code -Dformat=apply} copies the code into the page.
 */
final class SnippetsTest {
  /** A library as Maven names it: group, artifact, version. */
  private static final Pattern COORDINATES =
      Pattern.compile("`([\\w.-]+):([\\w.-]+):(\\d[\\w.-]*)`");

  private static final Path PAGE = SourceTree.root().resolve("docs/guide/libraries.md");

  @Test
  void codeIsThatOfTheTests() throws Exception {
    List<String> before = Files.readAllLines(PAGE);
    List<String> after = withSnippets(before);
    if ("apply".equals(System.getProperty("format"))) {
      Files.write(PAGE, after);
    } else {
      assertThat(before)
          .as("run: mvn test -pl core -Dtest=SnippetsTest -Dformat=apply")
          .isEqualTo(after);
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
    assertThat(Files.readAllLines(PAGE))
        .noneMatch(line -> line.startsWith("import dev.goasync.interop"));
  }

  @Test
  void everyMarkedTestIsShown() throws Exception {
    Set<Path> shown = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith(Snippet.FROM)) {
        shown.add(Snippet.fileOf(line));
      }
    }
    Set<Path> marked = new TreeSet<>();
    for (Path file : SourceTree.javaFilesBelow(SourceTree.root().resolve("interop/src"))) {
      if (Files.readString(file).contains(Snippet.BEGIN)) {
        marked.add(file);
      }
    }
    assertThat(shown).isEqualTo(marked);
  }

  @Test
  void versionsAreThoseOfTheTests() throws Exception {
    String build = Files.readString(SourceTree.root().resolve("interop/pom.xml"));
    List<MatchResult> named = COORDINATES.matcher(Files.readString(PAGE)).results().toList();
    assertThat(named).as("libraries that the page names").isNotEmpty();
    for (MatchResult library : named) {
      assertThat(build)
          .contains(
              "<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
                  .formatted(library.group(1), library.group(2), library.group(3)));
    }
  }
}
