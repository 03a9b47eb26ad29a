package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that the links of the documents lead to files, and to headings, that exist. */
final class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  @Test
  void linksLeadSomewhere() throws Exception {
    var pages = new ArrayList<>(SourceTree.markdownFilesBelow(SourceTree.root().resolve("docs")));
    for (String page : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
      pages.add(SourceTree.root().resolve(page));
    }
    var broken = new ArrayList<String>();
    for (Path page : pages) {
      Matcher matcher = LINK.matcher(withoutCode(Files.readString(page)));
      while (matcher.find()) {
        if (isBroken(page, matcher.group(1))) {
          broken.add(SourceTree.name(page) + " -> " + matcher.group(1));
        }
      }
    }
    assertThat(broken).as("links to what does not exist").isEmpty();
  }

  private static boolean isBroken(Path page, String link) throws IOException {
    if (link.matches("[a-z]+:.*")) {
      return false;
    }
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    if (!Files.exists(target)) {
      return true;
    }
    return hash >= 0 && !anchorsOf(target).contains(link.substring(hash + 1));
  }

  /** The anchors that GitHub, and the site, give the headings of a document. */
  private static List<String> anchorsOf(Path page) throws IOException {
    return withoutCode(Files.readString(page))
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutCode(String text) {
    return text.replaceAll("(?s)```.*?```", "");
  }
}
