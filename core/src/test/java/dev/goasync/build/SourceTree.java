package dev.goasync.build;

import static java.nio.file.FileVisitResult.CONTINUE;
import static java.nio.file.FileVisitResult.SKIP_SUBTREE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The source files of the repository; tests run in a module's directory below its root. */
final class SourceTree {
  /** Directories of build results and of version control. */
  private static final Set<String> NOT_WRITTEN = Set.of(".git", ".idea", "node_modules", "target");

  /** Names of text files, besides the executable scripts named {@code run}. */
  private static final Pattern WRITTEN =
      Pattern.compile("run|.*\\.(c|css|go|java|js|kt|lua|md|nim|py|sh|xml|yml)");

  private SourceTree() {}

  /** The directory that contains all modules. */
  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("core/pom.xml"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("the tests must be started inside the repository");
      }
    }
    return directory;
  }

  /** A file's path below the root, with slashes. */
  static String name(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }

  /** Every Java file of every module, main and test, in order of path. */
  static List<Path> javaFiles() throws IOException {
    try (Stream<Path> modules = Files.list(root());
        Stream<Path> adapters = Files.list(root().resolve("adapters"))) {
      List<Path> sources =
          Stream.concat(modules, adapters)
              .map(module -> module.resolve("src"))
              .filter(Files::isDirectory)
              .toList();
      return sources.stream().flatMap(source -> javaFilesBelow(source).stream()).sorted().toList();
    }
  }

  /** Every Java file below {@code directory}, in order of path. */
  static List<Path> javaFilesBelow(Path directory) {
    return filesBelow(directory, ".java");
  }

  /** Every Markdown file below {@code directory}, in order of path. */
  static List<Path> markdownFilesBelow(Path directory) {
    return filesBelow(directory, ".md");
  }

  /**
   * Every file of the repository that people write: sources in all languages, scripts, documents
   * and build files. Not build results, and not files without text.
   */
  static List<Path> textFiles() throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(
        root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NOT_WRITTEN.contains(fileName(directory)) ? SKIP_SUBTREE : CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (WRITTEN.matcher(fileName(file)).matches()) {
              files.add(file);
            }
            return CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  private static String fileName(Path path) {
    return Objects.requireNonNull(path.getFileName()).toString();
  }

  private static List<Path> filesBelow(Path directory, String suffix) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java files of the packages that the library exports. */
  static List<Path> exportedFiles() throws IOException {
    Path sources = root().resolve("core/src/main/java");
    Set<Path> exported =
        Files.readString(sources.resolve("module-info.java"))
            .lines()
            .filter(line -> line.matches("  exports [a-z.]+;"))
            .map(line -> line.replaceAll("  exports |;", "").replace('.', '/'))
            .map(sources::resolve)
            .collect(Collectors.toSet());
    return javaFilesBelow(sources).stream()
        .filter(file -> exported.contains(file.getParent()))
        .toList();
  }
}
