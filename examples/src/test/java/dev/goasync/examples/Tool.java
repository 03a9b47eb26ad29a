package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs installed programs that tests use as clients; skips the test if one is missing. */
final class Tool {
  private Tool() {}

  /** Runs a command of the Debian package of the same name, and returns its output. */
  static String run(String... command) throws Exception {
    return runOf(command[0], command);
  }

  /** Runs a command of a Debian package, and returns its output. */
  static String runOf(String debianPackage, String... command) throws Exception {
    Process process = start(debianPackage, command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Starts a command of a Debian package. */
  static Process start(String debianPackage, String... command) throws IOException {
    assumeTrue(
        isInstalled(command[0]),
        command[0] + " is not installed; it is in Debian's package " + debianPackage);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }
}
