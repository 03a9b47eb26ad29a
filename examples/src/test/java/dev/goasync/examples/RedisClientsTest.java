package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code redis-mini} with the clients of Redis, and compared with Redis itself. */
@Timeout(120)
final class RedisClientsTest {
  /** Some are times in the far past or future, so nothing expires during the test. */
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "c",
          "-1",
          "0",
          "01",
          "+1",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "2000000",
          "NX",
          "xx",
          "Get",
          "EX",
          "px",
          "KEEPTTL",
          "",
          "EXAT",
          "99999999999");

  private static final List<String> NAMES =
      List.of(
          "GET",
          "SET",
          "set",
          "SET",
          "SET",
          "DEL",
          "EXISTS",
          "INCR",
          "DECR",
          "INCRBY",
          "DECRBY",
          "EXPIRE",
          "PEXPIRE",
          "EXPIREAT",
          "TTL",
          "PERSIST",
          "PING",
          "ECHO",
          "NONSENSE",
          "Echo",
          "");

  /** Arguments for expiry times that do not depend on the clock. */
  private static final List<String> COMPARISONS = List.of("GT", "lt", "NX", "XX", "99999999998");

  private static RunningExample server;
  private static int port;

  @TempDir static Path directory;

  @BeforeAll
  static void start() throws IOException {
    server = RunningExample.start(RedisMini.class);
    port = server.awaitPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String cli(String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = "redis-cli";
    command[1] = "-p";
    command[2] = Integer.toString(port);
    System.arraycopy(words, 0, command, 3, words.length);
    return Tool.runOf("redis-tools", command).stripTrailing();
  }

  @Test
  void servesRedisCli() throws Exception {
    assertThat(cli("PING")).isEqualTo("PONG");
    assertThat(cli("SET", "key", "a value", "EX", "100")).isEqualTo("OK");
    assertThat(cli("GET", "key")).isEqualTo("a value");
    assertThat(Integer.parseInt(cli("TTL", "key"))).isBetween(1, 100);
    assertThat(cli("INCR", "n")).isEqualTo("1");
    assertThat(cli("INCR", "key")).isEqualTo("ERR value is not an integer or out of range");
    assertThat(cli("DEL", "key", "n", "other")).isEqualTo("2");
    assertThat(cli("CONFIG", "GET", "save")).isEqualTo("save");
    assertThat(cli("COMMAND", "COUNT")).isEqualTo(cli("COMMAND", "LIST").lines().count() + "");
    assertThat(cli("CLIENT", "SETNAME", "x")).isEqualTo("OK");
    assertThat(cli("-3", "PING")).contains("PONG");
    assertThat(cli("NONSENSE", "x")).contains("unknown command 'NONSENSE'", "'x'");
  }

  @Tag("long")
  @Test
  void servesRedisBenchmark() throws Exception {
    for (List<String> more :
        List.of(List.of("-P", "16", "-c", "50"), List.of("-c", "1000"), List.of("-d", "5000"))) {
      String[] command = {
        "redis-benchmark",
        "-p",
        "" + port,
        "-n",
        "20000",
        "-t",
        "ping,set,get,incr",
        "-r",
        "100",
        "--csv",
        more.get(0),
        more.get(1)
      };
      assertThat(Tool.runOf("redis-tools", command))
          .contains("\"SET\"", "\"GET\"", "\"INCR\"")
          .doesNotContain("Error", "ERR", "WARNING");
    }
  }

  @Tag("long")
  @Test
  void answersAsRedisDoes() throws Exception {
    int theirPort;
    try (var socket = new ServerSocket(0)) {
      theirPort = socket.getLocalPort();
    }
    String[] command = {
      "redis-server",
      "--port",
      "" + theirPort,
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--dir",
      directory.toString()
    };
    Process redis = Tool.start("redis-server", command);
    try (Socket theirs = connect(theirPort);
        Socket ours = Talk.open(port)) {
      Random random = new Random(42);
      ask(ours, RedisMiniTest.command("FLUSHALL"));
      for (int i = 0; i < 10_000; i++) {
        String request = request(random);
        assertThat(ask(ours, request)).as(request).isEqualTo(ask(theirs, request));
      }
    } finally {
      redis.destroy();
    }
  }

  /** Connects as soon as Redis listens. */
  private static Socket connect(int port) throws IOException {
    while (true) {
      try {
        return Talk.open(port);
      } catch (ConnectException notYet) {
        Talk.checkTime();
      }
    }
  }

  private static String request(Random random) {
    String[] words = new String[1 + random.nextInt(6)];
    words[0] = NAMES.get(random.nextInt(NAMES.size()));
    for (int i = 1; i < words.length; i++) {
      boolean isKey = i == 1 && random.nextInt(4) > 0;
      List<String> from = words[0].equals("EXPIREAT") && i > 2 ? COMPARISONS : WORDS;
      words[i] = from.get(random.nextInt(isKey ? 3 : from.size()));
    }
    return RedisMiniTest.command(words);
  }

  /** Sends a request and a second one whose reply is known and marks the end of the first reply. */
  private static String ask(Socket socket, String request) throws IOException {
    Talk.send(socket, request + RedisMiniTest.command("ECHO", "the end"));
    String reply = Talk.readThrough(socket, "$7\r\nthe end\r\n");
    return request.contains("TTL") ? reply.replaceFirst("^:[1-9]\\d*", ":left") : reply;
  }
}
