package dev.goasync.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.internal.backend.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table "Differences" of docs/BACKENDS.md. A conformance test may be skipped only for a row of
 * this table: the reason starts with the name of the row and a colon.
 */
public final class Differences {
  private static final String HEADING = "## Differences";

  /** The start of the message of a failed assumption in JUnit. */
  private static final String OF_JUNIT = "Assumption failed: ";

  private static final String NIO_PIPES = "pipes on nio";

  private static final String NIO_LOCKS = "file locks on nio";

  private static final String NIO_UNIX_SOCKETS = "Unix sockets on nio";

  private static final String NIO_WATCHES = "watching on nio";

  private static final String NIO_DESCRIPTORS = "descriptors on nio";

  private Differences() {}

  /** The row for tests of watching, if the backend does not report moves. */
  public static @Nullable String ofMoves() {
    return ofNio(NIO_WATCHES);
  }

  /** The row for tests of descriptors. */
  public static @Nullable String ofDescriptors() {
    return ofNio(NIO_DESCRIPTORS);
  }

  /** The row for tests that cancel an operation on a pipe. */
  public static @Nullable String ofPipes() {
    return ofNio(NIO_PIPES);
  }

  /** The row for tests of shared locks of several files in one program. */
  public static @Nullable String ofLocks() {
    return ofNio(NIO_LOCKS);
  }

  /** The row for tests of Unix sockets other than streams with a path. */
  public static @Nullable String ofUnixSockets() {
    return ofNio(NIO_UNIX_SOCKETS);
  }

  /** The row for tests of hang-ups. */
  public static @Nullable String ofHangUps() {
    return ofNio("hang-ups on nio");
  }

  /** The row for tests of pipes between two child processes. */
  public static @Nullable String ofJoinedProcesses() {
    return ofNio("processes on nio");
  }

  /** The row for tests of process groups. */
  public static @Nullable String ofProcessGroups() {
    return ofNio("process groups on nio");
  }

  /** The row for tests of signals other than TERM and KILL. */
  public static @Nullable String ofSignals() {
    return ofNio("signals on nio");
  }

  /** The row for tests of terminals. */
  public static @Nullable String ofTerminals() {
    return ofNio("terminals on nio");
  }

  /** The row for tests of directories that are renamed or replaced while they are used. */
  public static @Nullable String ofDirectoriesByPath() {
    return Boolean.getBoolean("goasync.nio.withoutSecureDirectories")
        ? ofNio("directories on nio")
        : null;
  }

  private static @Nullable String ofNio(String row) {
    return Backends.selected().name().equals("nio") ? row : null;
  }

  /** Skips the test if {@code row} is not null. */
  public static void assumeNone(@Nullable String row) {
    assume(row == null, String.valueOf(row));
  }

  /** Skips the test unless {@code same}, for the reason in a row. */
  public static void assume(boolean same, String row) {
    assumeTrue(same, row + ": see docs/BACKENDS.md");
  }

  /** Whether the reason for a skip names a row. */
  static boolean isListed(String reason) {
    String ours = reason.startsWith(OF_JUNIT) ? reason.substring(OF_JUNIT.length()) : reason;
    int colon = ours.indexOf(':');
    return colon > 0 && rows().contains(ours.substring(0, colon));
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
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("docs/BACKENDS.md"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("not started inside the repository");
    }
    return directory.resolve("docs/BACKENDS.md");
  }
}
