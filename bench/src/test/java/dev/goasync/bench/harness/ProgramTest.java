package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that end, fail, hang, or are ended. */
class ProgramTest {
  /** A shell that prints its own id and that of a child, and waits for the child. */
  private static final List<String> FAMILY =
      List.of("sh", "-c", "sleep 1000 & echo family $$ $!; wait");

  @TempDir private Path directory;

  /** Starts a shell with a child, then starts programs one after another until it is ended. */
  static final class Busy {
    private Busy() {}

    public static void main(String[] args) throws Exception {
      Program family = Program.start(FAMILY);
      System.out.println("family " + family.awaitLine("family"));
      while (true) {
        try {
          var _ = Program.run(List.of("sh", "-c", "echo $$ >> " + args[0] + "; sleep 0.01"));
        } catch (IOException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  private static List<ProcessHandle> handles(String ids) {
    return List.of(ids.split(" ")).stream()
        .flatMap(id -> ProcessHandle.of(Long.parseLong(id)).stream())
        .toList();
  }

  @Test
  void childrenOfAProgramEndWithIt() throws Exception {
    List<ProcessHandle> family;
    try (Program program = Program.start(FAMILY)) {
      family = handles(program.awaitLine("family"));
      assertThat(family).hasSize(2).allMatch(ProcessHandle::isAlive);
    }

    assertThat(family).noneMatch(ProcessHandle::isAlive);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void noProcessIsLeftAfterAnInterruptOfTheBench(String signal) throws Exception {
    Path ids = Files.createFile(directory.resolve("ids"));
    String java = ProcessHandle.current().info().command().orElseThrow();
    String classPath = System.getProperty("java.class.path");
    Process bench =
        new ProcessBuilder(
                "env", // this JVM may ignore SIGINT, as in the background of a script
                "--default-signal=INT",
                java,
                "-cp",
                classPath,
                Busy.class.getName(),
                ids.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = bench.inputReader()) {
      List<ProcessHandle> family = handles(output.readLine().substring("family ".length()));
      assertThat(family).hasSize(2).allMatch(ProcessHandle::isAlive);

      new ProcessBuilder("kill", "-" + signal, String.valueOf(bench.pid())).start().waitFor();
      bench.waitFor();

      assertThat(family).noneMatch(ProcessHandle::isAlive);
      assertThat(handles(String.join(" ", Files.readAllLines(ids))))
          .noneMatch(ProcessHandle::isAlive);
      assertThat(output.readLine()).as("an end by the bench is not reported as a failure").isNull();
    } finally {
      bench.destroyForcibly();
    }
  }

  @Test
  void aFailureContainsTheExitCodeAndTheLastLines() {
    assertThatThrownBy(() -> Program.run(List.of("sh", "-c", "seq 30; exit 7")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("sh ended with exit code 7:\n11\n12\n");
  }

  @Test
  void aServerThatEndsEarlyIsReportedWithItsExitCode() throws Exception {
    try (Program server = Program.start(List.of("sh", "-c", "echo no; exit 3"))) {
      assertThatThrownBy(server::awaitPort)
          .isInstanceOf(IOException.class)
          .hasMessage("sh ended with exit code 3");
    }
  }

  @Test
  void aServerWithAWrongPortIsAnError() throws Exception {
    try (Program server = Program.start(List.of("echo", "listening on air"))) {
      assertThatThrownBy(server::awaitPort)
          .isInstanceOf(IOException.class)
          .hasMessage("echo printed a wrong port: \"air\"");
    }
  }

  @Test
  void aHangingProgramIsEnded() {
    ProcessBuilder hangs = new ProcessBuilder("sh", "-c", "echo begun; sleep 1000");

    assertThatThrownBy(() -> Program.run(hangs, Duration.ofMillis(50)))
        .isInstanceOf(IOException.class)
        .hasMessage("sh did not end within 0.05 s");
  }

  @Test
  void aServerThatPrintsNoPortIsEnded() throws Exception {
    try (Program server = Program.start(FAMILY)) {
      List<ProcessHandle> family = handles(server.awaitLine("family"));

      assertThatThrownBy(() -> server.awaitLine("listening on", Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessage("sh did not print \"listening on\" within 0.05 s");
      assertThat(family).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void aCompileErrorNamesTheSource() throws Exception {
    Path sources = Files.createDirectories(directory.resolve("peers/c"));
    Files.writeString(sources.resolve("broken.c"), "int main(void) { return x; }\n");
    Builds builds = new Builds(directory.resolve("peers"), directory);

    assertThatThrownBy(() -> builds.c("broken"))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith("bench/peers/c/broken.c was not built: ");
  }
}
