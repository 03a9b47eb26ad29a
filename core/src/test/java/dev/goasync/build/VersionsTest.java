package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks that modules and documents name one version of the library: {@code .ci/version} sets it.
 */
final class VersionsTest {
  /** A version beside the name of one of our artifacts, in a pom or in a document. */
  private static final Pattern OURS =
      Pattern.compile(
          "<artifactId>goasync[a-z-]*</artifactId>\\s*<version>([^<$@]*)</version>"
              + "|dev\\.goasync:goasync[a-z-]*:(\\d[^\"`\\s)]*)"
              + "|goasync-(\\d\\S*)\\.jar");

  @Test
  void allNameTheSameVersion() throws Exception {
    Path root = SourceTree.root();
    Matcher parent = OURS.matcher(Files.readString(root.resolve("pom.xml")));
    assertThat(parent.find()).isTrue();
    String version = Objects.requireNonNull(parent.group(1));
    int places = 0;
    var others = new TreeSet<String>();
    for (Path file : SourceTree.textFiles()) {
      String name = SourceTree.name(file);
      if (!name.matches("(.*/)?pom\\.xml|README\\.md|docs/.*\\.md|.*/single-file/.*")) {
        continue;
      }
      Matcher matcher = OURS.matcher(Files.readString(file));
      while (matcher.find()) {
        String found =
            matcher.group(1) != null
                ? matcher.group(1)
                : Objects.requireNonNullElse(matcher.group(2), matcher.group(3));
        places++;
        if (!version.equals(found)) {
          others.add(name + " has " + found);
        }
      }
    }
    assertThat(places).as("places that name a version").isGreaterThan(10);
    assertThat(others).as("set the version by .ci/version %s", version).isEmpty();
  }
}
