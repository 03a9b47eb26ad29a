package dev.goasync.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Builds the site: {@code Site REPOSITORY TARGET}. Prints the path of its first page.
 *
 * <p>Each document becomes a page of the same name beside the others, README the first one. Links
 * between documents become links between pages; links to other files lead into the repository.
 */
public final class Site {
  private static final List<String> RESOURCES = List.of("style.css", "site.js");

  private static final List<String> PICTURES = List.of("bench/charts", "docs/guide/images");

  private final Path repository;
  private final Path target;
  private final List<Page> pages = new ArrayList<>();

  Site(Path repository, Path target) throws IOException {
    this.repository = repository.toRealPath();
    this.target = target.toAbsolutePath().normalize();
    for (Chapter chapter : Chapter.of(this.repository)) {
      for (String document : chapter.documents()) {
        pages.add(new Page(this.repository, document, chapter.title()));
      }
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: Site REPOSITORY TARGET");
      System.exit(2);
    }
    Site site = new Site(Path.of(args[0]), Path.of(args[1]));
    site.writePages();
    site.writeJavadoc();
    System.out.println(site.target.resolve("index.html"));
  }

  List<Page> pages() {
    return pages;
  }

  void writePages() throws IOException {
    Files.createDirectories(target);
    for (String name : RESOURCES) {
      try (InputStream resource = Site.class.getResourceAsStream(name)) {
        if (resource == null) {
          throw new IOException("the resource " + name + " is missing beside Site");
        }
        Files.copy(resource, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    var template = new Template(pages, repository, target);
    for (Page page : pages) {
      Path file = target.resolve(page.path());
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, template.render(page));
    }
    Files.writeString(target.resolve("search-index.js"), SearchIndex.of(pages));
    copyPictures();
  }

  /** Pictures are shown where the documents have them. */
  private void copyPictures() throws IOException {
    for (String name : PICTURES) {
      Path directory = repository.resolve(name);
      if (Files.isDirectory(directory)) {
        Files.createDirectories(target.resolve(name));
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Path copy = target.resolve(name).resolve(String.valueOf(file.getFileName()));
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  private void writeJavadoc() throws IOException {
    ToolProvider javadoc =
        ToolProvider.findFirst("javadoc")
            .orElseThrow(() -> new IOException("no javadoc tool: run with a JDK, not a JRE"));
    int status =
        javadoc.run(
            System.err,
            System.err,
            "-quiet",
            "-notimestamp",
            "-Xdoclint:none",
            "-encoding",
            "UTF-8",
            "-windowtitle",
            "GoAsync",
            "-d",
            target.resolve("api").toString(),
            "--module-source-path",
            "dev.goasync=" + repository.resolve("core/src/main/java"),
            "--module",
            "dev.goasync",
            "--module-path",
            System.getProperty("java.class.path"));
    if (status != 0) {
      throw new IOException("javadoc failed with status " + status);
    }
  }
}
