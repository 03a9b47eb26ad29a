package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code http-files} with real clients, and with clients that are slow or vanish. */
@Timeout(120)
final class HttpFilesClientsTest {
  private static final int SIZE = 1_000_000;
  private static final int SLOW_READERS = 2_000;
  private static final long HUGE = 2_000_000_000;

  @TempDir static Path directory;
  private static byte[] content;
  private static RunningExample server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    content = new byte[SIZE];
    new Random(42).nextBytes(content);
    Files.write(directory.resolve("data"), content);
    Files.writeString(directory.resolve("small.txt"), "small");
    makeSparse("huge");
    List<String> smallMemory = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m");
    server = RunningExample.start(smallMemory, HttpFiles.class, directory.toString());
    port = server.awaitPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Creates a sparse file of zeros. */
  private static Path makeSparse(String name) throws IOException {
    try (var file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
      file.setLength(HUGE);
    }
    return directory.resolve(name);
  }

  private static String curl(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 4];
    String[] begin = {"curl", "-sS", "--max-time", "60"};
    System.arraycopy(begin, 0, command, 0, begin.length);
    System.arraycopy(arguments, 0, command, begin.length, arguments.length);
    return Tool.run(command);
  }

  private static String url(String name) {
    return "http://localhost:" + port + "/" + name;
  }

  private static final String GET_SMALL =
      "GET /small.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  /** With a buffer of 64 KiB for each of them the server would need 128 MB. */
  @Tag("long")
  @Test
  void manySlowReadersNeedLittleMemory() throws IOException {
    List<Socket> slow = Talk.connect(port, SLOW_READERS);
    try {
      for (Socket each : slow) {
        Talk.send(each, "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      for (Socket each : slow) {
        assertThat(Talk.read(each, 12)).isEqualTo("HTTP/1.1 200");
      }
      assertThat(Talk.toEnd(port, GET_SMALL)).endsWith("\r\n\r\nsmall");
    } finally {
      Talk.closeAll(slow);
    }
  }

  @Test
  void curlFetchesRangesResumesAndSendsConditions() throws Exception {
    String copy = directory.resolve("copy").toString();
    curl("-o", copy, url("data"));
    assertThat(Files.readAllBytes(Path.of(copy))).isEqualTo(content);
    curl("--compressed", "-r", "1000-200999", "-o", copy, url("data"));
    assertThat(Files.readAllBytes(Path.of(copy)))
        .isEqualTo(Arrays.copyOfRange(content, 1000, 201_000));
    Files.write(Path.of(copy), Arrays.copyOf(content, 300_001));
    curl("-C", "-", "-o", copy, url("data"));
    assertThat(Files.readAllBytes(Path.of(copy))).isEqualTo(content);
    String status = "%{http_code} %{size_download}";
    assertThat(curl("-z", copy, "-o", copy, "-w", status, url("data"))).isEqualTo("304 0");
    assertThat(curl("-I", url("data"))).contains("Content-Length: " + SIZE);
    assertThat(curl("-0", url("small.txt"), url("small.txt"))).isEqualTo("smallsmall");
    assertThat(curl("-L", url("small.txt"), url("small.txt"), "-w", "%{num_connects} "))
        .isEqualTo("small1 small0 ");
  }

  @Test
  void anUploadIsRejectedWithAReadableResponse() throws Exception {
    String data = directory.resolve("data").toString();
    assertThat(curl("-T", data, "-H", "Expect:", "-w", "%{http_code}", url("data")))
        .endsWith("405");
    assertThat(curl("-d", "@" + data, "-X", "GET", "-w", "%{http_code}", url("data")))
        .endsWith("413");
    try (var socket = Talk.open(port)) {
      Talk.send(socket, "PUT / HTTP/1.1\r\nContent-Length: " + HUGE + "\r\n\r\n");
      socket.getOutputStream().write(new byte[20 * SIZE]); // more than the socket buffers hold
      assertThat(Talk.readThrough(socket, "\r\n")).isEqualTo("HTTP/1.1 405 Method Not Allowed\r\n");
    }
  }

  @Tag("long")
  @Test
  void servesAThousandConnectionsOfWrkWithoutASocketError() throws Exception {
    for (String name : List.of("small.txt", "data")) {
      assertThat(Tool.run("wrk", "-t1", "-c1000", "-d2s", "--timeout", "30s", url(name)))
          .contains("Requests/sec")
          .doesNotContain("Socket errors")
          .doesNotContain("Non-2xx");
    }
  }

  /** The server would run out of memory if it buffered the file for one of these clients. */
  @Tag("long")
  @Test
  void slowReadersTakeNoMemory() throws Exception {
    List<Socket> slow = Talk.connect(port, 200);
    for (Socket socket : slow) {
      Talk.send(socket, "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (Socket socket : slow) {
      assertThat(Talk.readThrough(socket, "\r\n\r\n")).contains("Content-Length: " + HUGE);
    }
    assertThat(Talk.toEnd(port, GET_SMALL)).endsWith("\r\n\r\nsmall");
    Talk.closeAll(slow);
  }

  /** Returns whether the stream is zeros and ends early. */
  private static boolean endsEarly(Socket socket) throws IOException {
    byte[] buffer = new byte[1 << 16];
    byte[] zeros = new byte[buffer.length];
    long all = 0;
    try {
      for (int count; (count = socket.getInputStream().read(buffer)) >= 0; all += count) {
        if (!Arrays.equals(buffer, 0, count, zeros, 0, count)) {
          return false;
        }
      }
    } catch (SocketException reset) {
      return true;
    }
    return all < HUGE;
  }

  @Test
  void slowClientsAreDisconnectedAfterTheTimeout() throws Exception {
    try (var withTimeout =
        RunningExample.start(HttpFiles.class, "--timeout", "1", directory.toString())) {
      int own = withTimeout.awaitPort();
      try (var silent = Talk.open(own);
          var slow = Talk.open(own);
          var reader = Talk.open(own)) {
        Talk.send(slow, "GET / HT");
        Talk.send(reader, "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Talk.rest(slow)).startsWith("HTTP/1.1 408 ");
        assertThat(Talk.rest(silent)).isEmpty();
        try (var later = Talk.open(own)) {
          assertThat(Talk.rest(later)).isEmpty();
        }
        Talk.readThrough(reader, "\r\n\r\n");
        assertThat(endsEarly(reader)).isTrue();
      }
    }
  }

  @Test
  void aResetInTheMiddleDoesNotAffectOtherClients() throws Exception {
    for (int i = 0; i < 50; i++) {
      for (String begun : List.of("GET / HT", "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n")) {
        Socket socket = Talk.open(port);
        Talk.send(socket, begun);
        if (i % 2 == 0 && begun.endsWith("\n")) {
          Talk.readThrough(socket, "\r\n\r\n");
        }
        Talk.reset(socket);
      }
    }
    assertThat(Talk.toEnd(port, GET_SMALL)).endsWith("\r\n\r\nsmall");
  }

  /**
   * The rest of the announced length cannot be sent; the client must not take other bytes for it.
   */
  @Test
  void aTruncatedFileClosesTheConnection() throws Exception {
    Path shrinking = makeSparse("shrinking");
    try (var socket = Talk.open(port)) {
      Talk.send(
          socket, "GET /shrinking HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Talk.readThrough(socket, "\r\n\r\n");
      Files.write(shrinking, new byte[10]);
      assertThat(endsEarly(socket)).isTrue();
    }
  }

  @Test
  void ctrlCCompletesResponsesAndClosesIdleConnections() throws Exception {
    try (var drained = RunningExample.start(HttpFiles.class, directory.toString())) {
      int own = drained.awaitPort();
      try (var busy = Talk.open(own);
          var idle = Talk.open(own)) {
        Talk.send(idle, "GET /small.txt HTTP/1.1\r\nHost: a\r\n\r\n");
        Talk.readThrough(idle, "small");
        Talk.send(busy, "GET /huge HTTP/1.1\r\nHost: a\r\nRange: bytes=0-49999999\r\n\r\n");
        Talk.readThrough(busy, "\r\n\r\n");
        drained.sendInterrupt();
        assertThat(Talk.rest(idle)).isEmpty();
        Talk.awaitRefusal(own);
        assertThat(busy.getInputStream().readAllBytes().length).isEqualTo(50_000_000);
      }
      assertThat(drained.awaitStatus()).isEqualTo(130);
    }
  }

  @Test
  void printsItsUsageForWrongArguments() throws Exception {
    for (String[] wrong : new String[][] {{"a", "b"}, {"--timeout", "x"}, {"--no-such", "1"}}) {
      try (var failed = RunningExample.start(HttpFiles.class, wrong)) {
        assertThat(failed.awaitEnd(2))
            .contains(
                "usage: http-files [--bind ADDRESS] [--port PORT] [--timeout SECONDS] [DIRECTORY]");
      }
    }
    String file = directory.resolve("small.txt").toString();
    try (var failed = RunningExample.start(HttpFiles.class, file)) {
      assertThat(failed.awaitEnd(1))
          .contains("http-files: " + file + ": not a directory")
          .doesNotContain("\tat ");
    }
  }
}
