package dev.goasync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.sync.Event;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets of servers and clients, and frames that break RFC 6455. */
@Timeout(120)
final class WebSocketTest {
  private static final String HANDSHAKE =
      String.join(
          "\r\n",
          "GET /echo HTTP/1.1",
          "Host: a",
          "Upgrade: websocket",
          "Connection: keep-alive, Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "");

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  private HttpServer.Options serving(HttpHandler handler) {
    return HttpServer.with().route("*", "/{path...}", handler).onFailure(failures::add);
  }

  private static void echo(HttpExchange exchange) throws IOException {
    WebSocket socket = exchange.webSocket();
    for (WebSocket.Message message; (message = socket.receive()) != null; ) {
      switch (message) {
        case WebSocket.Text text -> socket.send(text.text());
        case WebSocket.Binary binary -> socket.send(binary.bytes());
      }
    }
  }

  @Test
  void messagesGoBothWays() throws Exception {
    try (HttpServer server = serving(WebSocketTest::echo).open(0);
        HttpClient client = HttpClient.create()) {
      WebSocket.Message last =
          GoAsync.<WebSocket.Message>goAsync(
                  () -> {
                    try (WebSocket socket =
                        client.webSocket("ws://localhost:" + server.port() + "/")) {
                      for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 200_000}) {
                        String text = "\u00e4".repeat(length / 2);
                        socket.send(text);
                        assertThat(socket.receive()).isEqualTo(new WebSocket.Text(text));
                      }
                      socket.ping();
                      socket.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                      WebSocket.Message answer = socket.receive();
                      socket.close(WebSocket.NORMAL, "done");
                      assertThat(socket.receive()).isNull();
                      assertThat(socket.closeCode()).isEqualTo(WebSocket.NORMAL);
                      assertThatThrownBy(() -> socket.send("x"))
                          .isInstanceOf(IllegalStateException.class);
                      return answer == null ? new WebSocket.Text("") : answer;
                    }
                  })
              .await();
      assertThat(last).isEqualTo(new WebSocket.Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})));
      assertThat(failures).isEmpty();
    }
  }

  /** The example of RFC 6455, 1.3. */
  @Test
  void theHandshakeProvesThatTheServerUnderstands() throws IOException {
    try (HttpServer server = serving(WebSocketTest::echo).open(0);
        RawClient client = new RawClient(server.port())) {
      assertThat(client.send(HANDSHAKE + "\r\n").readResponse())
          .startsWith("HTTP/1.1 101 ")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 8   | 400",
        "dGhlIHNhbXBsZSBub25jZQ==  | c2hvcnQ=                   | 400",
        "dGhlIHNhbXBsZSBub25jZQ==  | ?                          | 400",
        "Upgrade: websocket        | Upgrade: h2c               | 426",
        "keep-alive, Upgrade       | keep-alive                 | 426",
        "GET                       | POST                       | 426",
        "Host: a                   | Host: a~Origin: http://b   | 403",
        "Host: a                   | Host: a~Origin: null       | 403",
        "Host: a                   | Host: a~Origin: http://a   | 101",
        "Host: a                   | Host: a~Origin: http://a:8 | 403",
      })
  void handshakes(String part, String changed, int status) throws IOException {
    try (HttpServer server = serving(WebSocketTest::echo).open(0);
        RawClient client = new RawClient(server.port())) {
      String request = HANDSHAKE.replace(part, changed.replace("~", "\r\n"));
      assertThat(client.send(request + "\r\n").readResponse()).startsWith("HTTP/1.1 " + status);
    }
  }

  /** A frame with the mask 1, 2, 3, 4. */
  private static byte[] frame(int head, int... payload) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(head);
    bytes.write(0x80 | payload.length);
    bytes.writeBytes(new byte[] {1, 2, 3, 4});
    for (int i = 0; i < payload.length; i++) {
      bytes.write(payload[i] ^ (i % 4 + 1));
    }
    return bytes.toByteArray();
  }

  /** Sends frames, and returns the code of the server's close; 0 for an answer "ok". */
  private int answerTo(byte[]... frames) throws IOException {
    try (HttpServer server = serving(WebSocketTest::echo).open(0);
        RawClient client = new RawClient(server.port())) {
      var _ = client.send(HANDSHAKE + "\r\n").readResponse();
      for (byte[] each : frames) {
        client.socket.getOutputStream().write(each);
      }
      var input = new DataInputStream(client.socket.getInputStream());
      int head = input.readUnsignedByte();
      byte[] payload = input.readNBytes(input.readUnsignedByte());
      if (head == 0x88) {
        return ByteBuffer.wrap(payload).getShort();
      }
      assertThat(new String(payload, UTF_8)).isEqualTo("ok");
      return 0;
    }
  }

  @Test
  void framesThatBreakTheProtocolCloseTheConnection() throws IOException {
    assertThat(answerTo(frame(0x81, 'o', 'k'))).isZero();
    assertThat(answerTo(frame(0x01, 'o'), frame(0x80, 'k'))).as("fragments").isZero();
    assertThat(answerTo(new byte[] {(byte) 0x81, 2, 'o', 'k'})).as("not masked").isEqualTo(1002);
    assertThat(answerTo(frame(0x91, 'o', 'k'))).as("a reserved bit").isEqualTo(1002);
    assertThat(answerTo(frame(0x83))).as("an unknown opcode").isEqualTo(1002);
    assertThat(answerTo(frame(0x80, 'o'))).as("no message to continue").isEqualTo(1002);
    assertThat(answerTo(frame(0x01, 'o'), frame(0x81, 'k'))).as("within a message").isEqualTo(1002);
    assertThat(answerTo(frame(0x09))).as("a fragmented ping").isEqualTo(1002);
    assertThat(answerTo(new byte[] {(byte) 0x89, (byte) 0xfe, 0, 126}))
        .as("a long ping")
        .isEqualTo(1002);
    assertThat(answerTo(frame(0x81, 0xff))).as("not UTF-8").isEqualTo(1007);
    assertThat(answerTo(frame(0x81, 0xc3))).as("a cut character").isEqualTo(1007);
    assertThat(answerTo(frame(0x01, 0xc3), frame(0x80, 0x28))).as("over fragments").isEqualTo(1007);
    assertThat(answerTo(frame(0x88, 0x03))).as("a close of one byte").isEqualTo(1002);
    assertThat(answerTo(frame(0x88, 0x03, 0xee))).as("a code not for the wire").isEqualTo(1002);
    assertThat(answerTo(frame(0x88, 0x03, 0xe8))).as("a close").isEqualTo(1000);
    assertThat(answerTo(new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 1, 0, 0, 0, 0}))
        .as("a frame of 4 GiB")
        .isEqualTo(1009);
    assertThat(failures).isEmpty();
  }

  @Test
  void aStoppedServerClosesItsWebSockets() throws Exception {
    Event opened = Event.manualReset();
    HttpHandler handler =
        exchange -> {
          WebSocket socket = exchange.webSocket();
          opened.set();
          assertThat(socket.receive()).isNull();
        };
    HttpServer server = serving(handler).grace(Duration.ofHours(1)).open(0);
    try (HttpClient client = HttpClient.create()) {
      int code =
          GoAsync.goAsync(
                  () -> {
                    try (WebSocket socket =
                        client.webSocket("ws://localhost:" + server.port() + "/")) {
                      opened.await();
                      server.stop();
                      assertThat(socket.receive()).isNull();
                      return socket.closeCode();
                    }
                  })
              .await();
      assertThat(code).isEqualTo(WebSocket.GOING_AWAY);
      server.close();
    } finally {
      server.closeNow();
    }
  }

  @Test
  void aFailedHandlerClosesTheWebSocket() throws Exception {
    HttpHandler handler =
        exchange -> {
          var _ = exchange.webSocket();
          throw new IllegalStateException("on purpose");
        };
    try (HttpServer server = serving(handler).open(0);
        HttpClient client = HttpClient.create()) {
      int code =
          GoAsync.goAsync(
                  () -> {
                    try (WebSocket socket =
                        client.webSocket("ws://localhost:" + server.port() + "/")) {
                      assertThat(socket.receive()).isNull();
                      return socket.closeCode();
                    }
                  })
              .await();
      assertThat(code).isEqualTo(1011);
      assertThat(failures).hasSize(1);
    }
  }
}
