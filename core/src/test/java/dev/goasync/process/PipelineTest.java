package dev.goasync.process;

import static dev.goasync.process.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.system.TerminalSize;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands connected by pipes. */
@Conformance
final class PipelineTest {
  private static final Duration SHORT = Duration.ofMillis(10);

  @ParameterizedTest
  @EnumSource
  void returnsTheOutputAndAllExitCodes(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result =
          shell("printf 'b\\na\\nb\\n'; echo one >&2; exit 1")
              .pipeTo(Command.of("sort"))
              .pipeTo(shell("uniq -c | tr -d ' '; echo three >&2; exit 3"))
              .run();
      assertThat(result.output()).isEqualTo("1a\n2b\n");
      assertThat(result.error()).isEqualTo("one\nthree\n");
      assertThat(result.exitCodes()).containsExactly(1, 0, 3);
      assertThat(result.exitCode()).isEqualTo(3);
      assertThatThrownBy(result::orThrow)
          .hasMessage("sh | sort | sh ended with exit codes [1, 0, 3]: one\nthree");
    });
  }

  @ParameterizedTest
  @EnumSource
  void firstCommandIsFedAndStderrIsMerged(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result =
          Pipeline.of(
                  shell("cat; echo oh >&2").stdin(Redirect.of("text\n")).mergeStderr(),
                  Command.of("cat"))
              .run();
      assertThat(result.output()).isEqualTo("text\noh\n");
    });
  }

  @ParameterizedTest
  @EnumSource
  void endsWhenTheLastCommandEnds(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result =
          Pipeline.of(List.of(Command.of("yes"), Command.of("cat"), Command.of("head", "-2")))
              .run();
      assertThat(result.output()).isEqualTo("y\ny\n");
      assertThat(result.exitCodes()).endsWith(0);
    });
  }

  @Test
  void writersEndBySigpipe() throws Exception {
    Differences.assumeNone(Differences.ofJoinedProcesses());
    assertThat(Pipeline.of(Command.of("yes"), Command.of("head", "-2")).run().exitCodes())
        .containsExactly(128 + 13, 0);
  }

  @ParameterizedTest
  @EnumSource
  void writesInputAndReadsOutput(Caller caller) throws Exception {
    caller.run(() -> {
      Pipeline pipeline = Pipeline.of(Command.of("cat"), Command.of("cat"));
      assertThat(pipeline.commands()).hasSize(2);
      try (AsyncPipeline started = pipeline.start()) {
        started.stdin().writeAll("there and back\n");
        assertThat(started.stdout().readLine()).isEqualTo("there and back");
        assertThat(started.processes()).hasSize(2).allMatch(AsyncProcess::isAlive);
        started.stdin().close();
        assertThat(started.await()).containsExactly(0, 0);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void startedProcessesAreEndedIfAnotherCannotStart(Caller caller) throws Exception {
    caller.run(() ->
        assertThatThrownBy(
                () -> Pipeline.of(Command.of("sleep", "1000"), Command.of("no such")).start())
            .isInstanceOf(NoSuchFileException.class)
            .hasMessageContaining("no such"));
  }

  @Test
  void timeoutEndsAllProcesses() {
    assertThatThrownBy(() ->
            GoAsync.withTimeout(
                SHORT, () -> Pipeline.of(Command.of("sleep", "1000"), Command.of("cat")).run()))
        .isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  void refusesRedirectsOfConnectedStreams() {
    Command cat = Command.of("cat");
    assertThatThrownBy(() -> cat.pipeTo(cat.stdin(Redirect.from(Path.of("x")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "commands: cat redirects its standard input, which the pipeline connects; remove that"
                + " redirection");
    assertThatThrownBy(() -> cat.stdout(Redirect.to(Path.of("x"))).pipeTo(cat))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cat.terminal(new TerminalSize(80, 24)).pipeTo(cat))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(Pipeline::of).isInstanceOf(IllegalArgumentException.class);
  }
}
