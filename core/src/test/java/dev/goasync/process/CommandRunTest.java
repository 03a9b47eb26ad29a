package dev.goasync.process;

import static dev.goasync.process.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Body;
import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.io.TooLongException;
import dev.goasync.testkit.Waiting;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands run to their end: exit codes, captured output, environment, timeouts. */
@Conformance
final class CommandRunTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void capturesTheOutputAndTheExitCode(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result = shell("echo out; echo err >&2; exit 3").run();
      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.exitCodes()).containsExactly(3);
      assertThat(result.isSuccess()).isFalse();
      assertThat(result.output()).isEqualTo("out\n");
      assertThat(result.outputBytes()).asString(StandardCharsets.UTF_8).isEqualTo("out\n");
      assertThat(result.error()).isEqualTo("err\n");
      assertThat(result.errorBytes()).hasSize(4);
      assertThatThrownBy(result::orThrow)
          .isInstanceOf(CommandFailedException.class)
          .hasMessage("sh ended with exit code 3: err");
      assertThat(Command.of(List.of("true")).run().orThrow().output()).isEmpty();
    });
  }

  @Test
  void runsInsideSync() throws Exception {
    Caller.COROUTINE.run(() -> {
      String output = GoAsync.sync(() -> Command.of("echo", "blocked").run().output());
      assertThat(output).isEqualTo("blocked\n");
      assertThatThrownBy(() -> GoAsync.sync(() -> Command.of("no such command").run()))
          .isInstanceOf(NoSuchFileException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void feedsTextAndBytes(Caller caller) throws Exception {
    byte[] much = "0123456789abcdef".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    caller.run(() -> {
      assertThat(Command.of("cat").stdin(Redirect.of("gr\u00fc\u00dfe")).run().output())
          .isEqualTo("gr\u00fc\u00dfe");
      assertThat(Command.of("cat").stdin(Redirect.of(much)).run().outputBytes()).isEqualTo(much);
      assertThat(Command.of("true").stdin(Redirect.of(much)).run().exitCode())
          .as("exit code of a program that does not read")
          .isZero();
    });
  }

  @Test
  void killedBySignal() throws Exception {
    assertThat(shell("kill -9 $$").run().exitCode()).isEqualTo(137);
  }

  @ParameterizedTest
  @EnumSource
  void mergesStderrIntoTheOutput(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result = shell("echo 1; echo 2 >&2; echo 3").mergeStderr().run();
      assertThat(result.output()).isEqualTo("1\n2\n3\n");
      assertThat(result.error()).isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource
  void teeCopiesTheCapturedOutput(Caller caller) throws Exception {
    var copy = new ByteArrayOutputStream();
    caller.run(() -> {
      CommandResult result = shell("echo seen; echo not >&2").stdout(Redirect.tee(copy)).run();
      assertThat(result.output()).isEqualTo("seen\n");
      assertThat(copy.toString(StandardCharsets.UTF_8)).isEqualTo("seen\n");
    });
  }

  @ParameterizedTest
  @EnumSource
  void tooMuchOutputEndsTheProcess(Caller caller) throws Exception {
    caller.run(() -> {
      assertThatThrownBy(() -> Command.of("yes").captureLimit(100_000).run())
          .isInstanceOf(TooLongException.class)
          .hasMessageContaining("standard output of yes")
          .hasMessageContaining("100000");
      assertThat(Command.of("echo", "123").captureLimit(4).run().output()).isEqualTo("123\n");
    });
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesFiles(Caller caller) throws Exception {
    Path in = Files.writeString(dir.resolve("in"), "from a file\n");
    Path out = Files.writeString(dir.resolve("out"), "something longer than what comes\n");
    Path errors = dir.resolve("errors");
    caller.run(() -> {
      Command copy =
          shell("cat; echo oh >&2")
              .stdin(Redirect.from(in))
              .stdout(Redirect.to(out))
              .stderr(Redirect.appendTo(errors));
      assertThat(copy.run().output()).isEmpty();
      copy.run().orThrow();
      assertThat(out).hasContent("from a file");
      assertThat(errors).hasContent("oh\noh");
    });
  }

  @ParameterizedTest
  @EnumSource
  void discards(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result =
          shell("cat; echo lost; echo lost >&2")
              .stdin(Redirect.DISCARD)
              .stdout(Redirect.DISCARD)
              .stderr(Redirect.DISCARD)
              .run();
      assertThat(result.output() + result.error()).isEmpty();
      assertThat(result.isSuccess()).isTrue();
    });
  }

  @Test
  void runsInTheGivenDirectory() throws Exception {
    assertThat(Command.of("pwd").directory(dir).run().output().strip())
        .isEqualTo(dir.toRealPath().toString());
  }

  @Test
  void hasTheRequestedEnvironment() throws Exception {
    Command print = Command.of("env");
    assertThat(print.run().output()).contains("PATH=" + System.getenv("PATH"));
    assertThat(print.environment("PATH_LIKE", "x y").run().output()).contains("PATH_LIKE=x y\n");
    assertThat(print.environment("A", "1").withoutEnvironment("A").run().output())
        .doesNotContain("\nA=");
    assertThat(print.withoutEnvironment("PATH").run().output()).doesNotContain("\nPATH=");
    CommandResult bare =
        Command.of("/usr/bin/env").emptyEnvironment().environment("ONLY", "this").run();
    assertThat(bare.output()).isEqualTo("ONLY=this\n");
  }

  @Test
  void isSearchedInThePathOfItsOwnEnvironment() throws Exception {
    Path tool = dir.resolve("tool");
    Files.writeString(tool, "#!/bin/sh\necho found\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    assertThat(Command.of("tool").environment("PATH", "/nowhere:" + dir).run().output())
        .isEqualTo("found\n");
    assertThat(Command.of("tool").directory(dir).environment("PATH", "").run().output())
        .as("an empty entry is the working directory")
        .isEqualTo("found\n");
    assertThat(Command.of("./tool").directory(dir).run().output()).isEqualTo("found\n");
    assertThatThrownBy(() -> Command.of("tool").environment("PATH", "/usr/bin").run())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void scriptWithoutAnInterpreterLineRunsByTheShell() throws Exception {
    Path script = Files.writeString(dir.resolve("script"), "echo \"$0 and $1\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(Command.of(script.toString(), "an argument").run().output())
        .isEqualTo(script + " and an argument\n");
  }

  @ParameterizedTest
  @EnumSource
  void grandchildrenWithThePipeOpenAreNotAwaited(Caller caller) throws Exception {
    caller.run(() -> {
      CommandResult result = shell("sleep 1000 & echo $!").run();
      long grandchild = Long.parseLong(result.output().strip());
      assertThat(Processes.state(grandchild)).isNotIn('-', 'Z');
      ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
    });
  }

  @ParameterizedTest
  @EnumSource
  void allOutputIsCapturedThoughAGrandchildHasThePipeOpen(Caller caller) throws Exception {
    caller.run(() -> {
      for (int i = 0; i < 5; i++) {
        CommandResult result =
            shell("sleep 1000 & echo $!; head -c 40000 /dev/zero | tr '\\0' x").run();
        String[] lines = result.output().split("\n", 2);
        ProcessHandle.of(Long.parseLong(lines[0])).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(lines[1]).hasSize(40_000);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec sleep 1000",
        "trap '' TERM; exec sleep 1000",
        "head -c 1000000 /dev/zero; exec sleep 1000"
      })
  void timeoutEndsTheProcess(String script) throws Exception {
    Path pid = dir.resolve("pid");
    assertThatThrownBy(() ->
            GoAsync.withTimeout(
                SHORT, () -> shell("echo $$ > " + pid + "; " + script).grace(SHORT).run()))
        .isInstanceOf(DeadlineExceededException.class);
    if (Files.exists(pid) && Files.size(pid) > 0) {
      assertThat(Processes.state(Long.parseLong(Files.readString(pid).strip()))).isEqualTo('-');
    }
  }

  @Test
  void cancelEndsTheProcess() throws Exception {
    Path begun = dir.resolve("begun");
    Task<CommandResult> task =
        GoAsync.goAsync(() -> shell("echo > " + begun + "; exec sleep 1000").grace(LONG).run());
    Waiting.until(() -> Files.exists(begun));
    task.cancel();
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
  }

  @Test
  void interruptOfTheWaitingThreadEndsTheProcess() throws Exception {
    Path begun = dir.resolve("begun");
    Thread caller = Thread.currentThread();
    Thread interrupter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Waiting.until(() -> Files.exists(begun));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              caller.interrupt();
            });
    assertThatThrownBy(() -> shell("echo > " + begun + "; exec sleep 1000").grace(LONG).run())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
  }

  @Test
  void theWholeGroupIsEnded() throws Exception {
    Differences.assumeNone(Differences.ofProcessGroups());
    CommandResult result = shell("sleep 1000 >&2 & echo $!").ownGroup().run();
    Processes.awaitEnd(Long.parseLong(result.output().strip()));
  }

  @Test
  void manyRunAtTheSameTime() throws Exception {
    List<CommandResult> results =
        TaskScope.all(
            IntStream.range(0, 32)
                .<Body<CommandResult, Exception>>mapToObj(
                    i -> () -> Command.of("echo", "" + i).run())
                .toList());
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).output()).isEqualTo(i + "\n");
    }
    assertThat(results).hasSize(32);
  }
}
