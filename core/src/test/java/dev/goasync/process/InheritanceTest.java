package dev.goasync.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.system.TerminalSize;
import dev.goasync.testkit.ChildJvm;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a child process inherits: the requested streams, ignored signals, the environment. */
@Conformance
final class InheritanceTest {
  private static final Path OURS = Path.of("/proc/self/status");

  /** The signals that {@code nohup} and the {@code &} of a shell make a program ignore. */
  private static final long HUP_INT_QUIT = 0b111;

  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the resources only have to be open
  void noOtherDescriptorIsInherited(Caller caller) throws Exception {
    Path path = dir.resolve("file");
    caller.run(() -> {
      try (var ofJdk = new RandomAccessFile(path.toFile(), "rw");
          var socketOfJdk = SocketChannel.open();
          var file = AsyncFile.open(path);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var other = Command.of("cat").start()) {
        String open = Command.of("ls", "/proc/self/fd").run().output();
        assertThat(open.split("\n"))
            .as("the last is the directory that ls reads")
            .containsExactly("0", "1", "2", "3");
        String merged =
            Command.of("ls", "/proc/self/fd").stdin(Redirect.INHERIT).mergeStderr().run().output();
        assertThat(merged.split("\n")).containsExactly("0", "1", "2", "3");
        try (var behind = Command.of("ls", "/proc/self/fd").stdin(Redirect.from(other)).start()) {
          assertThat(behind.stdout().readAll()).isEqualTo("0\n1\n2\n3\n");
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void onlySignalsThatThisProcessIgnoredAtItsStartAreIgnored(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    caller.run(() -> {
      String status = Command.of("cat", "/proc/self/status").run().output();
      assertThat(ignored(status)).isEqualTo(ignored(Files.readString(OURS)) & HUP_INT_QUIT);
      assertThat(status).containsPattern("SigBlk:\\s+0{16}\n");
    });
  }

  @Test
  void standardStreamsAreInherited() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Inheriting.class).assertSuccess();
    assertThat(ended.out()).isEqualTo("to output\n");
    assertThat(ended.err()).contains("to error\n");
  }

  private static long ignored(String status) {
    return Long.parseLong(status.replaceAll("(?s).*SigIgn:\\s+(\\w+).*", "$1"), 16);
  }

  /**
   * As by {@code nohup}. With SIGCHLD ignored, the kernel would drop the exit codes of children.
   */
  @Test
  void signalsIgnoredAtTheStartOfThisProcessStayIgnored() throws Exception {
    Differences.assumeNone(Differences.ofSignals());
    List<String> words =
        new ArrayList<>(
            List.of("env", "--default-signal=INT,QUIT", "--ignore-signal=HUP,USR1,CHLD"));
    words.addAll(ChildJvm.commandOf(Ignoring.class));
    CommandResult result = Command.of(words).run();
    assertThat(result.orThrow().output())
        .contains("exit code 5")
        .containsPattern("SigIgn:\\s+0{15}1\n");
  }

  /** A new terminal has its own Ctrl-C and hang-up. */
  @Test
  void processInATerminalIgnoresNoSignal() throws Exception {
    Differences.assumeNone(Differences.ofTerminals());
    List<String> words = new ArrayList<>(List.of("env", "--ignore-signal=HUP,INT,QUIT"));
    words.addAll(ChildJvm.commandOf(StartsInTerminal.class));
    assertThat(Command.of(words).run().orThrow().output()).containsPattern("SigIgn:\\s+0{16}\\s");
  }

  /** Prints the ignored signals of a child process in a terminal. */
  static final class StartsInTerminal {
    private StartsInTerminal() {}

    public static void main(String[] args) throws Exception {
      Command command = Command.of("cat", "/proc/self/status").terminal(new TerminalSize(80, 24));
      System.out.print(command.run().output());
    }
  }

  /** A Java string cannot hold bytes that are not valid text. */
  @Test
  void environmentIsInheritedAsBytes() throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("sh", "-c", "RAW=$(printf 'a\\377b'); export RAW; exec \"$@\"", "sh"));
    words.addAll(ChildJvm.commandOf(Raw.class));
    assertThat(Command.of(words).run().orThrow().output()).isEqualTo(" 61 ff 62\n");
  }

  /** Prints a variable of its own child process. */
  static final class Raw {
    private Raw() {}

    public static void main(String[] args) throws Exception {
      Command command = Command.of("sh", "-c", "printf %s \"$RAW\" | od -An -tx1");
      System.out.print(command.environment("OTHER", "text").run().output());
    }
  }

  /** Prints the ignored signals and the exit code of its own child process. */
  static final class Ignoring {
    private Ignoring() {}

    public static void main(String[] args) throws Exception {
      // By its path: when it searches PATH, the JDK itself resets SIGCHLD.
      Command command = Command.of("/bin/sh", "-c", "cat /proc/self/status; exit 5");
      CommandResult result = command.run();
      System.out.println(result.output());
      System.out.println("exit code " + result.exitCode());
    }
  }

  /** Starts a process that inherits the output streams. */
  static final class Inheriting {
    private Inheriting() {}

    public static void main(String[] args) throws Exception {
      Command command = Command.of("sh", "-c", "echo to output; echo to error >&2");
      try (AsyncProcess process =
          command.stdout(Redirect.INHERIT).stderr(Redirect.INHERIT).start()) {
        System.exit(process.await());
      }
    }
  }
}
