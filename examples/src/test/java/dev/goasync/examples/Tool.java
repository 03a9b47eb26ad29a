package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the system that tests use as clients; without one, its tests are skipped. */
final class Tool {
  private Tool() {}

  /** Runs a command of the package of Debian's that has its name, and returns what it prints. */
  static String run(String... command) throws Exception {
    return runOf(command[0], command);
  }

  /** Runs a command of a package of Debian's, and returns what it prints. */
  static String runOf(String debianPackage, String... command) throws Exception {
    Process process = start(debianPackage, command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Starts a command of a package of Debian's. */
  static Process start(String debianPackage, String... command) throws IOException {
    assumeTrue(
        isInstalled(command[0]),
        command[0] + " is not installed; it is in Debian's package " + debianPackage);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }
}
