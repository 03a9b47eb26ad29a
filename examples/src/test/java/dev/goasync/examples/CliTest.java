package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The frame of the examples: help, version, and failures in one line. */
@Timeout(120)
final class CliTest {
  @TempDir Path directory;

  static Stream<Class<?>> examples() {
    return Stream.of(
        Cp.class,
        EchoServer.class,
        Follow.class,
        Generators.class,
        Hello.class,
        HttpFiles.class,
        HttpHello.class,
        Pipeline.class,
        Prompt.class,
        Race.class,
        RedisMini.class,
        Replicated.class,
        Sh.class,
        Sieve.class,
        TcpProxy.class,
        Tour.class,
        Watch.class,
        Wc.class);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleHasHelp(Class<?> example) throws Exception {
    assertThat(output(0, example, "--help")).startsWith("usage: ").contains("--version", "--trace");
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleRefusesAnUnknownOptionInALine(Class<?> example) throws Exception {
    assertThat(output(2, example, "--no-such"))
        .startsWith("usage: ")
        .endsWith("(unknown option --no-such)")
        .doesNotContain("\n");
  }

  @Test
  void aVersionIsPrinted() throws Exception {
    assertThat(output(0, Wc.class, "--version")).startsWith("wc, an example of goasync ");
  }

  @Test
  void aMissingFileIsALine() throws Exception {
    String missing = directory.resolve("missing").toString();
    String message = ": " + missing + ": no such file or directory";
    assertThat(output(1, HttpFiles.class, missing)).isEqualTo("http-files" + message);
    assertThat(output(1, Watch.class, missing, "true")).isEqualTo("watch" + message);
  }

  @Test
  void traceAddsTheStackTrace() throws Exception {
    String missing = directory.resolve("missing").toString();
    assertThat(output(1, HttpFiles.class, "--trace", missing))
        .startsWith("http-files: " + missing + ": no such file")
        .contains("java.nio.file.NoSuchFileException", "at dev.goasync.examples.");
  }

  @Test
  void reasonsNameTheFile() {
    var denied = new AccessDeniedException("/secret");
    assertThat(Cli.reason(denied)).isEqualTo("/secret: permission denied");
    assertThat(Cli.reason(new NotDirectoryException("/file"))).isEqualTo("/file: not a directory");
    assertThat(Cli.reason(new FileSystemException("/full", null, "No space left on device")))
        .isEqualTo("/full: No space left on device");
    assertThat(Cli.reason(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void aDirectoryWithoutPermissionIsALine() throws Exception {
    Path secret = Files.createDirectory(directory.resolve("secret"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    try {
      Assumptions.assumeFalse(
          Files.isReadable(secret), "this user may read everything, such as root");
      assertThat(output(1, HttpFiles.class, secret.toString()))
          .isEqualTo("http-files: " + secret + ": permission denied");
    } finally {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aPortInUseIsALine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      for (Class<?> server :
          List.of(EchoServer.class, HttpFiles.class, HttpHello.class, RedisMini.class)) {
        assertThat(output(1, server, "--port", port))
            .contains(": cannot listen: ", port)
            .doesNotContain("\n");
      }
    }
  }

  @Test
  void bindSelectsTheAddress() throws Exception {
    try (var server = RunningExample.start(EchoServer.class, "--bind", "127.0.0.2")) {
      int port = server.awaitPort();
      assertThat(accepts("127.0.0.2", port)).isTrue();
      assertThat(accepts("127.0.0.1", port)).isFalse();
    }
    try (var server = RunningExample.start(EchoServer.class)) {
      int port = server.awaitPort();
      assertThat(accepts("127.0.0.1", port)).isTrue();
      assertThat(accepts("127.0.0.2", port)).as("loopback address only").isFalse();
    }
    assertThat(output(1, EchoServer.class, "--bind", "192.0.2.1"))
        .startsWith("echo-server: cannot listen: ")
        .doesNotContain("\n");
  }

  @Test
  void aDirectoryThatIsDeletedWhileItIsWatchedIsALine() throws Exception {
    Path watched = Files.createDirectory(directory.resolve("watched"));
    try (var watch = RunningExample.start(Watch.class, watched.toString(), "echo", "runs")) {
      watch.awaitLine("watch: the command ended with status 0");
      Files.delete(watched);
      assertThat(watch.awaitEnd(1)).contains("watch: " + watched).doesNotContain("\tat ");
    }
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket(address, port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static String output(int status, Class<?> example, String... arguments) throws Exception {
    try (var run = RunningExample.start(example, arguments)) {
      return run.awaitEnd(status).strip();
    }
  }
}
