package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The replies of {@code redis-mini}, byte by byte, also with many clients and with clients that
 * vanish.
 */
@Timeout(120)
final class RedisMiniTest {
  private static final String TOO_MANY_WORDS = "*1048577\r\n";
  private static final int MEGABYTE = 1024 * 1024;

  private static RunningExample server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    server = RunningExample.start(List.of("-Xmx96m"), RedisMini.class);
    port = server.awaitPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clear() throws IOException {
    assertThat(ask("FLUSHALL")).isEqualTo("+OK\r\n");
  }

  /** Encodes a request in RESP. */
  static String command(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return request.toString();
  }

  /** Sends requests, given as words separated by blanks, and returns the replies. */
  private static String ask(String... requests) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String request : requests) {
      all.append(command(request.split(" ")));
    }
    return Talk.toEnd(port, all.append(command("QUIT")).toString()).replaceFirst("\\+OK\r\n$", "");
  }

  @Test
  void keepsValuesOfAnyBytes() throws IOException {
    StringBuilder bytes = new StringBuilder();
    for (char each = 0; each < 256; each++) {
      bytes.append(each);
    }
    String all = bytes.toString();
    assertThat(Talk.toEnd(port, command("SET", all, all), command("GET", all), command("QUIT")))
        .isEqualTo("+OK\r\n$256\r\n" + all + "\r\n+OK\r\n");
    assertThat(Talk.toEnd(port, command("SET", "", ""), command("GET", ""), command("QUIT")))
        .isEqualTo("+OK\r\n$0\r\n\r\n+OK\r\n");
  }

  @Test
  void answersPipelinedRequestsInOrderAlsoInPieces() throws IOException {
    StringBuilder requests = new StringBuilder();
    StringBuilder replies = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String value = "v".repeat(i * 3);
      requests.append(command("SET", "k" + i, value)).append(command("get", "k" + i));
      replies.append("+OK\r\n$").append(value.length()).append("\r\n").append(value).append("\r\n");
    }
    String all = requests + command("QUIT");
    assertThat(Talk.toEnd(port, all)).isEqualTo(replies + "+OK\r\n");
    assertThat(Talk.toEnd(port, all.split("(?<=\\G.{7919})"))).isEqualTo(replies + "+OK\r\n");
    String some = command("SET", "a", "b") + "PING\r\n" + command("GET", "a") + command("QUIT");
    assertThat(Talk.toEnd(port, some.split("(?<=\\G.)")))
        .isEqualTo("+OK\r\n+PONG\r\n$1\r\nb\r\n+OK\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*1\\r\\n!4\\r\\nPING\\r\\n | expected '$', got '!'",
        "*x\\r\\n | invalid multibulk length",
        "*\\r\\n | invalid multibulk length",
        "*1\\r\\n$-1\\r\\n | invalid bulk length",
        "*1\\r\\n$1x\\r\\n | invalid bulk length",
        "*1\\r\\n$1048577\\r\\n | invalid bulk length",
        "*1\\r\\n$99999999999999999999999\\r\\n | invalid bulk length",
        "GET \"x\\r\\n | unbalanced quotes in request",
        "GET \"x\"y\\r\\n | unbalanced quotes in request",
      })
  void closesTheConnectionAfterAMalformedRequest(String bytes, String reason) throws IOException {
    String sent = bytes.replace("\\r", "\r").replace("\\n", "\n");
    assertThat(Talk.toEnd(port, "PING\r\n" + sent + "PING\r\n"))
        .isEqualTo("+PONG\r\n-ERR Protocol error: " + reason + "\r\n");
  }

  @Test
  void closesTheConnectionAfterATooLargeRequest() throws IOException {
    assertThat(Talk.toEnd(port, TOO_MANY_WORDS))
        .isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
    assertThat(Talk.toEnd(port, "x".repeat(64 * 1024 + 1)))
        .isEqualTo("-ERR Protocol error: too big inline request\r\n");
    try (var socket = Talk.open(port)) {
      String word = "$" + MEGABYTE + "\r\n" + "x".repeat(MEGABYTE) + "\r\n";
      Talk.send(socket, "*3\r\n" + word + word.substring(0, MEGABYTE));
      assertThat(Talk.rest(socket)).isEqualTo("-ERR Protocol error: too big request\r\n");
    }
  }

  @Test
  void acceptsTheLongestValue() throws IOException {
    String value = "x".repeat(MEGABYTE);
    assertThat(Talk.toEnd(port, command("SET", "k", value), command("GET", "k"), "QUIT\r\n"))
        .isEqualTo("+OK\r\n$" + MEGABYTE + "\r\n" + value + "\r\n+OK\r\n");
  }

  @Test
  void reportsThatTheMemoryLimitIsReached() throws IOException {
    String value = "x".repeat(MEGABYTE);
    StringBuilder replies = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      replies.append(Talk.toEnd(port, command("SET", "" + (10 + i), value), "QUIT\r\n"));
    }
    assertThat(replies.toString())
        .contains("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
    assertThat(ask("GET nothing", "DEL 10", "SET 10 little")).isEqualTo("$-1\r\n:1\r\n+OK\r\n");
  }

  /** No client looks the keys up, so only the sweeper can remove them. */
  @Test
  void keysExpire() throws IOException {
    ask("SET a b PX 1", "SET c d", "PEXPIRE c 1", "SET e f EX 1000");
    while (!ask("DBSIZE").equals(":1\r\n")) {
      Talk.checkTime();
    }
    assertThat(ask("GET a", "GET c", "GET e")).isEqualTo("$-1\r\n$-1\r\n$1\r\nf\r\n");
    assertThat(ask("SET a b PXAT 1", "GET a", "TTL a")).isEqualTo("+OK\r\n$-1\r\n:-2\r\n");
    assertThat(ask("PTTL e").substring(1).strip()).matches("9[0-9]{5}");
  }

  @Test
  void aSlowReaderDoesNotDelayOtherClients() throws IOException {
    ask("SET k " + "x".repeat(MEGABYTE));
    List<Socket> slow = Talk.connect(port, 50);
    for (Socket socket : slow) {
      Talk.send(socket, command("GET", "k").repeat(100));
    }
    assertThat(ask("PING")).isEqualTo("+PONG\r\n");
    String reply = "$" + MEGABYTE + "\r\n" + "x".repeat(MEGABYTE) + "\r\n";
    for (int i = 0; i < 100; i++) {
      assertThat(Talk.read(slow.getFirst(), reply.length())).isEqualTo(reply);
    }
    Talk.closeAll(slow);
  }

  @Tag("long")
  @Test
  void servesAThousandConnections() throws IOException {
    List<Socket> clients = Talk.connect(port, 1_000);
    for (Socket client : clients) {
      Talk.send(client, command("INCR", "n") + "*2\r\n$3\r\nGE");
    }
    for (Socket client : clients) {
      assertThat(Talk.readThrough(client, "\r\n")).startsWith(":");
    }
    for (Socket client : clients) {
      Talk.send(client, "T\r\n$1\r\nn\r\n");
      assertThat(Talk.read(client, 10)).isEqualTo("$4\r\n1000\r\n");
    }
    Talk.closeAll(clients);
  }

  @Test
  void aResetInTheMiddleDoesNotAffectOtherClients() throws IOException {
    for (int i = 0; i < 100; i++) {
      Socket socket = Talk.open(port);
      Talk.send(socket, i % 2 == 0 ? "*2\r\n$3\r\nGET\r\n$100" : command("INCR", "n"));
      Talk.reset(socket);
    }
    assertThat(ask("PING")).isEqualTo("+PONG\r\n");
  }

  @ParameterizedTest
  @CsvSource({"epoll, false", "nio, false", "uring, true", "epoll, true", "nio, true"})
  void servesOnEachBackendInEachMode(String backend, boolean portable) throws Exception {
    List<String> options =
        List.of("-Dgoasync.backend=" + backend, "-Dgoasync.portable=" + portable);
    try (var other = RunningExample.start(options, RedisMini.class)) {
      String requests = command("SET", "k", "v") + command("GET", "k") + command("QUIT");
      assertThat(Talk.toEnd(other.awaitPort(), requests)).isEqualTo("+OK\r\n$1\r\nv\r\n+OK\r\n");
      assertThat(other.interrupt()).isEqualTo(130);
    }
  }

  @Test
  void ctrlCSendsRepliesAndClosesIdleConnections() throws Exception {
    try (var ending = RunningExample.start(RedisMini.class)) {
      int own = ending.awaitPort();
      try (var busy = Talk.open(own);
          var idle = Talk.open(own)) {
        String value = "x".repeat(MEGABYTE);
        Talk.send(idle, command("SET", "k", value));
        assertThat(Talk.read(idle, 5)).isEqualTo("+OK\r\n");
        Talk.send(busy, command("GET", "k").repeat(50));
        assertThat(Talk.readThrough(busy, "\r\n")).isEqualTo("$" + MEGABYTE + "\r\n");
        ending.sendInterrupt();
        assertThat(Talk.rest(idle)).isEmpty();
        long replies = Talk.rest(busy).chars().filter(letter -> letter == '\n').count();
        assertThat(replies).isEqualTo(99);
      }
      assertThat(ending.awaitStatus()).isEqualTo(130);
    }
  }

  /**
   * As Redis does: a web page can make a browser send an HTTP request with commands in its body.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: localhost\r\n\r\nSET a b\r\n",
        "post /\r\nSET a b\r\n",
        "*1\r\n$4\r\nPOST\r\nSET a b\r\n",
        "Host: localhost\r\nSET a b\r\n",
      })
  void hangsUpOnHttp(String request) throws IOException {
    assertThat(Talk.toEnd(port, request)).isEmpty();
    assertThat(Talk.toEnd(port, "EXISTS a\r\nQUIT\r\n")).isEqualTo(":0\r\n+OK\r\n");
  }
}
