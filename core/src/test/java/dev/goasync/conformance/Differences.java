package dev.goasync.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table "Differences" of docs/BACKENDS.md. A conformance test is skipped only by the name of a
 * row: its reason begins with the name and a colon.
 */
public final class Differences {
  private static final String HEADING = "## Differences";

  private Differences() {}

  /** Skips the test unless {@code same}, by the name of the row that says why. */
  public static void assume(boolean same, String row) {
    assumeTrue(same, row + ": see docs/BACKENDS.md");
  }

  /** Whether the reason for a skip names a row. */
  static boolean isListed(String reason) {
    int colon = reason.indexOf(':');
    return colon > 0 && rows().contains(reason.substring(0, colon));
  }

  /** The first cells of the table. */
  static Set<String> rows() {
    try {
      return Files.readAllLines(table()).stream()
          .dropWhile(line -> !line.equals(HEADING))
          .skip(1)
          .takeWhile(line -> !line.startsWith("## "))
          .dropWhile(line -> !line.startsWith("|---"))
          .filter(line -> line.startsWith("| "))
          .map(line -> line.substring(2, line.indexOf('|', 1)).strip())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path table() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("docs/BACKENDS.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not started inside the repository");
    }
    return folder.resolve("docs/BACKENDS.md");
  }
}
