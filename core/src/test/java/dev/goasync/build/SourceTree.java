package dev.goasync.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The repository's own sources, all modules'; tests run in a module's folder below the root. */
final class SourceTree {
  private SourceTree() {}

  /** The folder above all modules. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("core/pom.xml"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not started inside the repository");
      }
    }
    return folder;
  }

  /** A file's path below the root, with slashes. */
  static String name(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }

  /** Every Java file of every module, main and test, in order of path. */
  static List<Path> javaFiles() throws IOException {
    try (Stream<Path> children = Files.list(root())) {
      List<Path> sources =
          children.map(module -> module.resolve("src")).filter(Files::isDirectory).toList();
      return sources.stream().flatMap(source -> javaFilesBelow(source).stream()).sorted().toList();
    }
  }

  /** Every Java file below {@code folder}, in order of path. */
  static List<Path> javaFilesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
