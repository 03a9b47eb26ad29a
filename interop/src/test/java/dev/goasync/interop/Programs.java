package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of other projects: where they are, how they run, and the directories that they use. */
final class Programs {
  private static final String SYSTEM = "/usr/sbin";

  private Programs() {}

  /** Returns the path of a program; skips the test if it is not installed. */
  static String require(String name, String debianPackage) {
    Optional<Path> found =
        Stream.concat(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of(SYSTEM))
            .map(place -> Path.of(place, name))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), name + " is not installed; apt install " + debianPackage);
    return found.orElseThrow().toString();
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Returns a command that runs as {@code user} if this JVM runs as root. */
  static List<String> as(String user, String... command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  /** Runs a program to its end. */
  static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + printed);
    }
  }

  /** Deletes a directory with all that it contains. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
