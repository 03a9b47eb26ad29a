package dev.goasync.process;

import static dev.goasync.process.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.system.Terminal;
import dev.goasync.system.TerminalSize;
import dev.goasync.testkit.Waiting;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that cannot be started, and invalid arguments. */
@Conformance
final class CommandErrorsTest {
  private static final Command CAT = Command.of("cat");

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void unknownCommand(Caller caller) throws Exception {
    caller.run(() -> {
      assertThatThrownBy(() -> Command.of("no-such-command").start())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage("no-such-command: no such command in the PATH " + System.getenv("PATH"));
      assertThatThrownBy(() -> Command.of("/no/such/command").run())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage("/no/such/command: no such command");
    });
  }

  @ParameterizedTest
  @EnumSource
  void notExecutable(Caller caller) throws Exception {
    Path tool = Files.writeString(dir.resolve("tool"), "text");
    caller.run(() -> {
      assertThatThrownBy(() -> Command.of(tool.toString()).start())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessage(tool + ": not executable");
      assertThatThrownBy(() -> Command.of("tool").environment("PATH", dir.toString()).start())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining(tool.toString());
      assertThatThrownBy(() -> Command.of(dir.toString()).start())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessage(dir + ": a directory, not a command");
    });
  }

  @ParameterizedTest
  @EnumSource
  void noDirectory(Caller caller) throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    caller.run(() -> {
      assertThatThrownBy(() -> CAT.directory(dir.resolve("none")).start())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(dir.resolve("none") + ": no such directory for cat to work in");
      assertThatThrownBy(() -> CAT.directory(file).start())
          .isInstanceOf(FileSystemException.class)
          .hasMessage(file + ": no directory for cat to work in");
    });
  }

  @ParameterizedTest
  @EnumSource
  void filesThatCannotBeOpened(Caller caller) throws Exception {
    Path none = dir.resolve("none");
    caller.run(() -> {
      assertThatThrownBy(() -> CAT.stdin(Redirect.from(none)).start())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(none.toString());
      assertThatThrownBy(() -> CAT.stdout(Redirect.to(dir)).start())
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(dir.toString());
      assertThatThrownBy(() -> CAT.stderr(Redirect.appendTo(none.resolve("x"))).start())
          .isInstanceOf(NoSuchFileException.class);
    });
  }

  private Path executable(String name, String text) throws Exception {
    Path file = Files.writeString(dir.resolve(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void interpreterThatDoesNotExistIsNamed(Caller caller) throws Exception {
    Path missing = executable("missing", "#! /no/such/shell -x\necho\n");
    Path windows = executable("windows", "#!/bin/sh\r\necho\r\n");
    Path notExecutable = executable("not-executable", "#!/etc/passwd\necho\n");
    caller.run(() -> {
      assertThatThrownBy(() -> Command.of(missing.toString()).start())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(missing + ": the interpreter /no/such/shell of the script does not exist");
      assertThatThrownBy(() -> Command.of("windows").environment("PATH", dir.toString()).start())
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(
              "windows: the interpreter /bin/sh of the script does not exist, as the first line"
                  + " ends in a carriage return; save the script with Unix line ends");
      assertThatThrownBy(() -> Command.of(notExecutable.toString()).start())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessage(
              notExecutable + ": the interpreter /etc/passwd of the script is not executable");
    });
    assertThat(windows).exists();
  }

  @ParameterizedTest
  @EnumSource
  void loaderOfABinaryThatDoesNotExistIsNamed(Caller caller) throws Exception {
    byte[] program = Files.readAllBytes(Path.of("/bin/sh"));
    String text = new String(program, StandardCharsets.ISO_8859_1);
    int loader = text.indexOf("/ld-");
    assumeTrue(loader > 0, "this system has no dynamically linked /bin/sh");
    program[loader + 1] = 'X';
    Path file = Files.write(dir.resolve("program"), program);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    caller.run(() ->
        assertThatThrownBy(() -> Command.of(file.toString()).start())
            .isInstanceOf(NoSuchFileException.class)
            .hasMessageContaining("the program loader /")
            .hasMessageContaining("/Xd-"));
  }

  /** As when another child, started at the same time, has a copy of the descriptor. */
  @ParameterizedTest
  @EnumSource
  void programThatIsOpenForWritingIsTriedAgain(Caller caller) throws Exception {
    Path tool = executable("tool", "#!/bin/sh\necho started\n");
    caller.run(() -> {
      var writer = FileChannel.open(tool, StandardOpenOption.WRITE);
      Thread closer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Waiting.until(CommandErrorsTest::isRetrying);
                  writer.close();
                } catch (Exception failed) {
                  throw new IllegalStateException(failed);
                }
              });
      assertThat(Command.of(tool.toString()).run().output()).isEqualTo("started\n");
      closer.join();
    });
  }

  private static boolean isRetrying() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(frames ->
            Arrays.stream(frames).anyMatch(frame -> frame.getMethodName().equals("parkNanos"))
                && Arrays.stream(frames)
                    .anyMatch(frame ->
                        frame.getClassName().endsWith(".Launcher")
                            || frame.getClassName().endsWith(".NioChild")));
  }

  @ParameterizedTest
  @EnumSource
  void tooLargeAnEnvironment(Caller caller) throws Exception {
    Command huge = CAT.environment("HUGE", "x".repeat(4_000_000));
    caller.run(() ->
        assertThatThrownBy(huge::start)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("cat")
            .hasMessageContaining("Argument list too long"));
  }

  @Test
  void startRefusesRedirectsOfRun() {
    for (Redirect redirect : List.of(Redirect.CAPTURE, Redirect.tee(System.err))) {
      assertThatThrownBy(() -> CAT.stdout(redirect).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("run()");
    }
    assertThatThrownBy(() -> CAT.stdin(Redirect.of("text")).start())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> CAT.stdin(Redirect.PIPE).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("start()");
    assertThatThrownBy(() -> CAT.stderr(Redirect.PIPE).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CAPTURE");
  }

  @Test
  void redirectsInTheWrongDirectionAreRefused() {
    Path file = dir.resolve("file");
    for (Redirect output : List.of(Redirect.CAPTURE, Redirect.to(file), Redirect.appendTo(file))) {
      assertThatThrownBy(() -> CAT.stdin(output))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("standard input");
    }
    for (Redirect input : List.of(Redirect.from(file), Redirect.of("x"))) {
      assertThatThrownBy(() -> CAT.stdout(input)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> CAT.stderr(input)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // null is refused
  void invalidArgumentsAreRefused() {
    assertThatThrownBy(() -> Command.of("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Command.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Command.of("a", "b\0c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("words[1]");
    assertThatThrownBy(() -> Command.of("a", (String) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("words[1]");
    for (String name : List.of("", "A=B", "A\0")) {
      assertThatThrownBy(() -> CAT.environment(name, "x"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> CAT.withoutEnvironment(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> CAT.environment("A", "\0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CAT.grace(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CAT.captureLimit(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TerminalSize(80, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows must be from 0 to 65535: -1");
    assertThatThrownBy(() -> new TerminalSize(65_536, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void changesReturnNewCommands() throws Exception {
    Command changed = CAT.environment("A", "b").mergeStderr().stdout(Redirect.DISCARD);
    assertThat(changed).isNotSameAs(CAT);
    assertThat(CAT.stdin(Redirect.of("unchanged")).run().output()).isEqualTo("unchanged");
    assertThat(CAT).hasToString("cat");
  }

  @Test
  void missingFeaturesOfTheBackendAreReported() throws Exception {
    if (Differences.ofSignals() == null) {
      return; // this backend has all features
    }
    assertThatThrownBy(() -> CAT.ownGroup().start())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("process groups");
    assertThatThrownBy(() -> CAT.terminal(new TerminalSize(80, 24)).start())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("pseudo terminals");
    assertThatThrownBy(Terminal::isPresent).isInstanceOf(UnsupportedOperationException.class);
    try (AsyncProcess cat = CAT.start()) {
      assertThatThrownBy(cat::suspend)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("cannot send signal 19");
    }
  }

  @Test
  void exitCodeOfAScriptThatFails() throws Exception {
    assertThatThrownBy(() -> shell("echo " + "x".repeat(3_000) + " >&2; exit 2").run().orThrow())
        .isInstanceOf(CommandFailedException.class)
        .satisfies(thrown -> assertThat(thrown.getMessage()).hasSizeLessThan(1_100));
    try {
      shell("exit 2").run().orThrow();
    } catch (CommandFailedException failed) {
      assertThat(failed.result().exitCode()).isEqualTo(2);
      assertThat(failed).hasMessage("sh ended with exit code 2");
    }
  }
}
