package dev.goasync.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.testkit.NoLeaks;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The peer is {@code openssl} or {@code curl}, which share no code with the JDK. */
@Timeout(60)
final class TlsWithProgramsTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final int SAFETY_NET_SECONDS = 30;

  @TempDir Path dir;

  @BeforeEach
  void writeCertificate() throws Exception {
    TlsPair.LOCALHOST.write(dir);
  }

  /** A program's output, its error output and its exit code. */
  private record Ended(int exitCode, String output) {}

  private static void assumeInstalled(String program) {
    boolean found = false;
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      found |= Files.isExecutable(Path.of(directory, program));
    }
    assumeTrue(found, program + " is not installed");
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
  }

  private Ended run(String input, String... command) throws Exception {
    Process process = start(command);
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(SAFETY_NET_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  /** Sends lines and commands, each after the response to the one before; the last is Q. */
  private void converse(String[] command, String... lines) throws Exception {
    Process process = start(command);
    try (var out = process.getOutputStream();
        var in = process.inputReader(UTF_8)) {
      for (String line : lines) {
        out.write((line + "\n").getBytes(UTF_8));
        out.flush();
        if (!line.equals("Q")) {
          String expected = line.length() == 1 ? "KEYUPDATE" : "echo " + line;
          assertThat(in.lines().anyMatch(expected::equals)).as(line).isTrue();
        }
      }
      in.lines().forEach(_ -> {});
    }
    assertThat(process.waitFor()).isZero();
  }

  private static Server echo(BlockingQueue<Throwable> failures) throws IOException {
    return Server.with()
        .onFailure(failures::add)
        .listen(
            TlsPair.LOOPBACK,
            TlsStream.handler(
                TlsPair.SERVER,
                tls -> {
                  for (String line; (line = tls.readLine()) != null; ) {
                    tls.writeAll("echo " + line + "\n");
                  }
                }));
  }

  private static String[] client(Server server, String... more) {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.port()));
    command.addAll(List.of("-CAfile", "certificate.pem", "-verify_return_error"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  @Test
  void curlLoadsAPage() throws Exception {
    assumeInstalled("curl");
    String body = "x".repeat(1_000_000);
    try (Server server =
        Server.listen(
            0,
            TlsStream.handler(
                TlsPair.SERVER,
                parameters -> parameters.setApplicationProtocols(new String[] {"http/1.1"}),
                tls -> {
                  while (!String.valueOf(tls.readLine(10_000)).isEmpty()) {
                    // the header
                  }
                  tls.writeAll("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
                }))) {
      String url = "https://localhost:" + server.port() + "/";
      Ended good = run("", "curl", "-sS", "--noproxy", "*", "--cacert", "certificate.pem", url);
      assertThat(good).isEqualTo(new Ended(0, body));
      Ended distrustful = run("", "curl", "-sS", "--noproxy", "*", url);
      assertThat(distrustful.exitCode).isEqualTo(60);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void opensslCommunicatesAndResumes(String version) throws Exception {
    assumeInstalled("openssl");
    var failures = new LinkedBlockingQueue<Throwable>();
    try (Server server = echo(failures)) {
      converse(client(server, version, "-sess_out", "session"), "hello", "Q");
      assertThat(dir.resolve("session")).exists();
      Ended resumed = run("Q\n", client(server, version, "-sess_in", "session"));
      assertThat(resumed.output).contains("Reused, TLSv1");
      Ended anew = run("Q\n", client(server, version));
      assertThat(anew.output).contains("New, TLSv1").contains("Verification: OK");
    }
  }

  /** The command K of {@code s_client} updates its keys and requests an update of the peer. */
  @Test
  void opensslUpdatesTheKeys() throws Exception {
    assumeInstalled("openssl");
    var failures = new LinkedBlockingQueue<Throwable>();
    try (Server server = echo(failures)) {
      converse(client(server, "-tls1_3"), "one", "K", "two", "K", "K", "three", "Q");
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void renegotiationOfOpensslIsRefused() throws Exception {
    assumeInstalled("openssl");
    var failures = new LinkedBlockingQueue<Throwable>();
    try (Server server = echo(failures)) {
      run("R\n", client(server, "-tls1_2"));
      assertThat(failures.take()).hasMessageContaining("renegotiation");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void clientWorksWithOpensslServer(String version) throws Exception {
    assumeInstalled("openssl");
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        start(
            "openssl",
            "s_server",
            "-accept",
            "127.0.0.1:" + port,
            "-cert",
            "certificate.pem",
            "-key",
            "key.pem",
            "-alpn",
            "two,one",
            "-rev",
            version);
    try (var in = process.inputReader(UTF_8)) {
      assertThat(in.lines().anyMatch("ACCEPT"::equals)).isTrue();
      SSLContext context = TlsPair.LOCALHOST.trustingContext();
      List<Long> created = new ArrayList<>();
      for (Caller caller : Caller.values()) {
        caller.run(() -> {
          try (var tls =
              TlsStream.connect(
                  "localhost",
                  port,
                  context,
                  parameters -> parameters.setApplicationProtocols(new String[] {"one", "two"}))) {
            tls.writeAll("hello\n");
            assertThat(tls.readLine()).isEqualTo("olleh");
            tls.writeAll("abc".repeat(5000) + "\n");
            assertThat(tls.readLine()).isEqualTo("cba".repeat(5000));
            assertThat(tls.applicationProtocol()).isEqualTo("two");
            created.add(tls.session().getCreationTime());
          }
        });
      }
      assertThat(created.getLast()).as("resumed").isEqualTo(created.getFirst());
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  /** A client of another protocol, such as a port scanner. */
  @Test
  void opensslGetsAnAlertThatNamesTheFailure() throws Exception {
    assumeInstalled("openssl");
    var failures = new LinkedBlockingQueue<Throwable>();
    try (Server server = echo(failures)) {
      Ended ended = run("", client(server, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"));
      assertThat(ended.output).contains("alert protocol version");
      assertThat(failures.take()).hasMessageContaining("TLSv1.1");
      Task<String> plain =
          GoAsync.goAsync(() -> {
            try (var socket = AsyncSocket.connect("127.0.0.1", server.port())) {
              socket.writeAll("EHLO\r\n");
              return socket.readAll();
            }
          });
      assertThat(plain.await()).hasSize(7);
    }
  }
}
