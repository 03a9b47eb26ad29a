package dev.goasync.process;

import static dev.goasync.process.Processes.shell;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.system.Terminal;
import dev.goasync.system.TerminalSize;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes in pseudo terminals, and the terminal of a program. */
@Conformance
@SuppressWarnings("try") // a process is closed early
final class PseudoTerminalTest {
  private static final TerminalSize SIZE = new TerminalSize(100, 30);
  private static final Duration LONG = Duration.ofDays(1);

  @TempDir Path dir;

  @BeforeEach
  void needsTerminals() {
    Differences.assumeNone(Differences.ofTerminals());
  }

  private static String awaitLine(PseudoTerminal terminal, String wanted) throws IOException {
    for (String line; (line = terminal.readLine()) != null; ) {
      if (line.contains(wanted)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended without a line that contains " + wanted);
  }

  @ParameterizedTest
  @EnumSource
  void writesInputAndReadsOutput(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess shell =
          shell("stty size; read x; echo got $x; exit 4").terminal(SIZE).start()) {
        PseudoTerminal terminal = shell.terminal();
        assertThat(terminal.readLine()).isEqualTo("30 100");
        assertThat(terminal.size()).isEqualTo(SIZE);
        terminal.writeAll("this\n");
        assertThat(terminal.readAll())
            .as("with the echo of the input")
            .isEqualTo("this\r\ngot this\r\n");
        assertThat(terminal.readLine()).as("the end stays").isNull();
        assertThat(shell.await()).isEqualTo(4);
        assertThatThrownBy(shell::stdout).isInstanceOf(IllegalStateException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void resizeSendsSigwinch(Caller caller) throws Exception {
    caller.run(() -> {
      Command command = shell("trap 'stty size' WINCH; echo ready; while read x; do :; done");
      try (AsyncProcess shell = command.terminal(SIZE).start()) {
        awaitLine(shell.terminal(), "ready");
        shell.terminal().resize(new TerminalSize(81, 25));
        shell.terminal().writeAll("\n"); // some shells run traps between commands only
        awaitLine(shell.terminal(), "25 81");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void controlKeysHaveTheirEffect(Caller caller) throws Exception {
    caller.run(() -> {
      try (AsyncProcess sleep = shell("echo ready; exec sleep 1000").terminal(SIZE).start()) {
        awaitLine(sleep.terminal(), "ready");
        sleep.terminal().writeAll(new byte[] {3});
        assertThat(sleep.await()).as("by SIGINT").isEqualTo(128 + 2);
      }
      try (AsyncProcess cat = Command.of("cat").terminal(SIZE).start()) {
        cat.terminal().writeAll("line\n\4");
        assertThat(cat.await()).isZero();
      }
    });
  }

  @Test
  void isTheControllingTerminal() throws Exception {
    CommandResult result = shell("tty; echo direct > /dev/tty; test -t 2").terminal(SIZE).run();
    assertThat(result.orThrow().output()).startsWith("/dev/pts/").endsWith("direct\r\n");
    String open = Command.of("ls", "/proc/self/fd").terminal(SIZE).run().output();
    assertThat(open.split("\\s+")).containsExactly("0", "1", "2", "3");
  }

  @ParameterizedTest
  @EnumSource
  void closeHangsUp(Caller caller) throws Exception {
    caller.run(() -> {
      AsyncProcess stubborn =
          shell("trap '' TERM; echo ready; read x").terminal(SIZE).grace(LONG).start();
      awaitLine(stubborn.terminal(), "ready");
      stubborn.close();
      assertThat(stubborn.await()).isEqualTo(128 + 1);
      assertThat(stubborn.terminal().isOpen()).isFalse();
      assertThatThrownBy(() -> stubborn.terminal().resize(SIZE))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void captureEndsWithTheProcess() throws Exception {
    CommandResult result = shell("trap '' HUP; sleep 1000 & echo $!").terminal(SIZE).run();
    Processes.awaitEnd(Long.parseLong(result.output().strip()));
  }

  @Test
  void cancelledReadLosesNothing() throws Exception {
    try (AsyncProcess cat = shell("stty -echo; echo ready; cat").terminal(SIZE).start()) {
      awaitLine(cat.terminal(), "ready");
      Task<?> reader = GoAsync.goAsync(() -> requireNonNull(cat.terminal().readLine()));
      GoAsync.goAsync(Waiting::forATurn).await();
      reader.cancel();
      assertThatThrownBy(reader::await).isInstanceOf(CancellationException.class);
      cat.terminal().writeAll("later\n");
      assertThat(cat.terminal().readLine()).isEqualTo("later");
    }
  }

  /** A terminal takes some kilobytes that its program does not read; then a write waits. */
  @Test
  void waitingWriteBlocksNoOtherCoroutine() throws Exception {
    Command sleeper = shell("stty raw -echo; echo ready; exec sleep 1000");
    GoAsync.goAsync(
            () -> {
              try (AsyncProcess sleep = sleeper.terminal(SIZE).start()) {
                awaitLine(sleep.terminal(), "ready");
                assertThatThrownBy(() ->
                        GoAsync.withTimeout(
                            Duration.ofMillis(1),
                            () -> sleep.terminal().writeAll(ByteBuffer.allocate(200_000))))
                    .isInstanceOf(DeadlineExceededException.class);
                Task<?> writer =
                    GoAsync.goAsync(() -> sleep.terminal().writeAll(ByteBuffer.allocate(200_000)));
                Waiting.forATurn();
                assertThat(sleep.terminal().size()).isEqualTo(SIZE);
                writer.cancel();
                assertThatThrownBy(writer::await).isInstanceOf(CancellationException.class);
              }
            })
        .await();
  }

  @Test
  void redirectsAreRefused() {
    assertThatThrownBy(() -> Command.of("cat").terminal(SIZE).stdout(Redirect.DISCARD).start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "cat runs in a terminal, so its streams cannot be redirected; remove the redirections"
                + " or terminal()");
    assertThatThrownBy(() -> Command.of("cat").terminal(SIZE).mergeStderr().run())
        .isInstanceOf(IllegalStateException.class);
  }

  // ---- the terminal of a program ----

  @Test
  void programSetsAndRestoresRawMode() throws Exception {
    Path log = dir.resolve("log");
    assertThat(inTerminal(log, "all")).as("afterwards").contains(" icanon").contains(" echo ");
    assertThat(Files.readString(log))
        .isEqualTo("TerminalSize[columns=100, rows=30] cooked raw raw cooked ");
  }

  @Test
  void rawModeEndsWithTheProgram() throws Exception {
    Path log = dir.resolve("log");
    assertThat(inTerminal(log, "leave")).contains(" icanon").contains(" echo ");
    assertThat(Files.readString(log)).contains("raw").doesNotEndWith("cooked ");
  }

  /** Runs {@link InTerminal}, and returns the output of {@code stty -a} after its end. */
  private static String inTerminal(Path log, String what) throws Exception {
    Path settings = log.resolveSibling("settings");
    String script = "\"$@\"; stty -a > " + settings;
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.addAll(ChildJvm.commandOf(InTerminal.class, "-Dlog=" + log, "-Dwhat=" + what));
    CommandResult result = Command.of(words).terminal(SIZE).run();
    assertThat(result.exitCode()).as(result.output()).isZero();
    return Files.readString(settings);
  }

  /** Prints the state of its terminal, and changes it. */
  static final class InTerminal {
    private InTerminal() {}

    public static void main(String[] args) throws Exception {
      Path log = Path.of(System.getProperty("log"));
      StringBuilder seen = new StringBuilder();
      seen.append(Terminal.isPresent() ? Terminal.size() + " " : "none ");
      seen.append(mode());
      Terminal.RawMode first = Terminal.raw();
      Terminal.RawMode second = Terminal.raw();
      seen.append(mode());
      if (System.getProperty("what").equals("all")) {
        first.close();
        first.close();
        seen.append(mode());
        second.close();
        seen.append(mode());
      }
      Files.writeString(log, seen);
    }

    private static String mode() throws Exception {
      String settings = Command.of("stty", "-a").stdin(Redirect.INHERIT).run().output();
      return settings.contains("-icanon") ? "raw " : "cooked ";
    }
  }

  @Test
  void missingTerminalIsReported() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(WithoutTerminal.class).assertSuccess();
    assertThat(ended.out())
        .isEqualTo("false none of this program's standard input, output and error is a terminal\n");
  }

  /** Asks for a terminal that does not exist. */
  static final class WithoutTerminal {
    private WithoutTerminal() {}

    public static void main(String[] args) {
      try {
        System.out.print(Terminal.isPresent() + " ");
        System.out.println(Terminal.size());
      } catch (IOException none) {
        System.out.println(none.getMessage());
      }
    }
  }
}
