package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class HttpHelloTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String LAST_GET =
      "GET / HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n";

  private static RunningExample server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    server = RunningExample.start(HttpHello.class);
    port = server.awaitPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String talk(String... pieces) throws IOException {
    return Talk.toEnd(port, pieces);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void answersOneRequest() throws IOException {
    assertThat(talk(LAST_GET))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 13\r\n")
        .endsWith("\r\n\r\nHello, World!");
  }

  @Test
  void answersPipelinedRequestsInOneSegmentAndInPieces() throws IOException {
    assertThat(count(talk(GET + GET + LAST_GET), "Hello, World!")).isEqualTo(3);
    String all = GET + GET + LAST_GET;
    assertThat(count(talk(all.split("(?<=\\G.{7})")), "Hello, World!")).isEqualTo(3);
  }

  @Test
  void answersMoreRequestsThanItsBufferHolds() throws IOException {
    assertThat(count(talk(GET.repeat(5_000) + LAST_GET), "Hello, World!")).isEqualTo(5_001);
  }

  @Test
  void rejectsMalformedAndOversizedHeads() throws IOException {
    assertThat(talk("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    assertThat(talk("\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    assertThat(talk("GET /" + "a".repeat(8 * 1024 - 5))).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void servesOnSeveralLoops() throws IOException {
    try (RunningExample several = RunningExample.start(HttpHello.class, "--loops", "3")) {
      int shared = several.awaitPort();
      for (int client = 0; client < 20; client++) {
        assertThat(Talk.toEnd(shared, LAST_GET)).endsWith("Hello, World!");
      }
    }
  }

  @Test
  void printsItsUsageForZeroLoops() throws Exception {
    try (RunningExample none = RunningExample.start(HttpHello.class, "--loops", "0")) {
      assertThat(none.awaitEnd(2))
          .startsWith("usage: http-hello [--bind ADDRESS] [--port PORT] [--loops LOOPS]");
    }
  }

  @Test
  void servesCurl() throws Exception {
    assertThat(Tool.run("curl", "-sS", "--max-time", "20", "http://localhost:" + port + "/a"))
        .isEqualTo("Hello, World!");
  }

  @Test
  void servesAThousandConnectionsOfWrkWithoutASocketError() throws Exception {
    assertThat(
            Tool.run(
                "wrk", "-t1", "-c1000", "-d2s", "--timeout", "20s", "http://localhost:" + port))
        .contains("Requests/sec")
        .doesNotContain("Socket errors")
        .doesNotContain("Non-2xx");
  }
}
