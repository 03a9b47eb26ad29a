package dev.goasync.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of the site's navigation.
 *
 * @param title what the navigation shows
 * @param documents paths of Markdown files, relative to the repository
 */
record Chapter(String title, List<String> documents) {
  private static final List<String> GUIDE =
      List.of(
          "README",
          "getting-started",
          "structured-concurrency",
          "cancellation-and-timeouts",
          "sharing-state",
          "files",
          "sockets-and-servers",
          "processes",
          "libraries",
          "testing",
          "inspecting",
          "troubleshooting",
          "operations",
          "migration",
          "cookbook");

  private static final List<String> REFERENCE =
      List.of(
          "docs/BACKENDS.md",
          "docs/COMPATIBILITY.md",
          "docs/PERFORMANCE.md",
          "docs/GLOSSARY.md",
          "docs/API-CHANGES.md",
          "docs/FROM-NIMGO.md",
          "CHANGELOG.md");

  private static final List<String> MAINTENANCE =
      List.of(
          "docs/ARCHITECTURE.md",
          "docs/KERNEL.md",
          "docs/TESTING.md",
          "docs/STYLE.md",
          "bench/README.md",
          "bench/RESULTS.md");

  /** The chapters of the repository; documents that do not exist are left out. */
  static List<Chapter> of(Path repository) throws IOException {
    var guide = new ArrayList<String>();
    GUIDE.forEach(name -> guide.add("docs/guide/" + name + ".md"));
    List<Chapter> chapters =
        List.of(
            new Chapter("GoAsync", List.of("README.md")),
            new Chapter("Guide", guide),
            new Chapter("Reference", REFERENCE),
            new Chapter("Maintenance", MAINTENANCE),
            new Chapter("Decisions", decisions(repository)));
    return chapters.stream().map(chapter -> chapter.existingIn(repository)).toList();
  }

  private Chapter existingIn(Path repository) {
    return new Chapter(
        title, documents.stream().filter(name -> Files.exists(repository.resolve(name))).toList());
  }

  private static List<String> decisions(Path repository) throws IOException {
    try (Stream<Path> files = Files.list(repository.resolve("docs/adr"))) {
      return files
          .map(file -> "docs/adr/" + file.getFileName())
          .sorted(Comparator.comparing(Chapter::isNumbered).thenComparing(name -> name))
          .toList();
    }
  }

  private static boolean isNumbered(String name) {
    return !name.endsWith("README.md");
  }
}
