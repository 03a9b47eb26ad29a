package dev.goasync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.sync.Event;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams, flow control, floods and the end of connections of HTTP/2, by prior knowledge. */
@Timeout(120)
final class Http2ServerTest {
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  private HttpServer.Options serving(HttpHandler handler) {
    return HttpServer.with().route("*", "/{path...}", handler).onFailure(failures::add);
  }

  @Test
  void streamsOfOneConnectionRunAtOnce() throws IOException {
    var arrived = new AtomicInteger();
    Event both = Event.manualReset();
    HttpHandler handler =
        exchange -> {
          if (arrived.incrementAndGet() == 2) {
            both.set();
          }
          both.await();
          exchange.respond(200, exchange.path() + exchange.protocol());
        };
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/1");
      client.get(3, "/2");
      assertThat(client.readBody(1)).isEqualTo("/1HTTP/2");
    }
  }

  @Test
  void aBodyIsReadWhileItComes() throws IOException {
    HttpHandler handler =
        exchange -> {
          try (OutputStream output = exchange.startResponse(200)) {
            exchange.body().transferTo(output);
          }
        };
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.post(1, "/");
      client.send(FrameType.DATA, 0, 1, 'a', 'b');
      client.send(FrameType.DATA, 8, 1, 200, 'c'); // padded by more than the frame has
      assertThat(client.readError()).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
    }
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.post(1, "/");
      client.send(FrameType.DATA, 0, 1, 'a', 'b');
      client.send(FrameType.DATA, 8 | Http2Client.END_STREAM, 1, 2, 'c', 0, 0);
      assertThat(client.readBody(1)).isEqualTo("abc");
    }
  }

  /** HttpCore marks the response as complete when it reads the trailers of the request. */
  @Test
  void aRequestWithTrailersIsAnswered() throws IOException {
    byte[] large = new byte[300_000];
    HttpHandler handler =
        exchange -> {
          int length = exchange.readBody().length;
          exchange.respond(200, "application/octet-stream", large);
          assertThat(length).isEqualTo(2);
        };
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.send(FrameType.SETTINGS, 0, 0, 0, 4, 0, 0x10, 0, 0); // a window of a MiB
      client.send(FrameType.WINDOW_UPDATE, 0, 0, 0, 0x10, 0, 0);
      client.post(1, "/");
      client.send(FrameType.DATA, 0, 1, 'a', 'b');
      client.sendHead(1, true, "x: y");
      assertThat(client.readBody(1)).hasSize(large.length);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void aResponseWaitsForTheWindow() throws IOException {
    byte[] large = new byte[70_000];
    HttpHandler handler = exchange -> exchange.respond(200, "application/octet-stream", large);
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/");
      int received = 0;
      while (received < 65_535) {
        received += client.readUntil(FrameType.DATA).getLength();
      }
      client.send(FrameType.PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(client.readUntil(FrameType.PING).getStreamId()).isZero(); // no data before it
      client.send(FrameType.WINDOW_UPDATE, 0, 0, 0, 1, 0, 0);
      client.send(FrameType.WINDOW_UPDATE, 0, 1, 0, 1, 0, 0);
      assertThat(client.readBody(1)).hasSize(70_000 - 65_535);
    }
  }

  @Test
  void aClientThatOpensNoWindowIsReset() throws IOException {
    HttpHandler handler =
        exchange -> exchange.respond(200, "application/octet-stream", new byte[70_000]);
    try (HttpServer server = serving(handler).stallTimeout(Duration.ofMillis(100)).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/");
      assertThat(client.readError()).isEqualTo(H2Error.CANCEL.getCode());
    }
  }

  @Test
  void aResetCancelsTheHandler() throws Exception {
    var begun = new CountDownLatch(1);
    var cancelled = new CountDownLatch(1);
    HttpHandler handler =
        exchange -> {
          if (exchange.path().equals("/ok")) {
            exchange.respond(200, "ok");
            return;
          }
          begun.countDown();
          try {
            GoAsync.sleep(Duration.ofHours(1));
          } catch (CancellationException reset) {
            cancelled.countDown();
            throw reset;
          }
        };
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/");
      begun.await();
      client.send(FrameType.RST_STREAM, 0, 1, 0, 0, 0, 8);
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
      client.get(3, "/ok");
      assertThat(client.readBody(3)).isEqualTo("ok");
    }
  }

  @Test
  void aLostConnectionCancelsItsHandlers() throws Exception {
    var begun = new CountDownLatch(2);
    var cancelled = new CountDownLatch(2);
    HttpHandler handler =
        exchange -> {
          begun.countDown();
          try {
            GoAsync.sleep(Duration.ofHours(1));
          } catch (CancellationException lost) {
            cancelled.countDown();
            throw lost;
          }
        };
    try (HttpServer server = serving(handler).open(0)) {
      try (Http2Client client = new Http2Client(server.port())) {
        client.get(1, "/");
        client.get(3, "/");
        begun.await();
      }
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aFailureResetsAStreamWhoseResponseHasBegun() throws IOException {
    HttpHandler handler =
        exchange -> {
          OutputStream output = exchange.startResponse(200);
          output.write(new byte[5000]);
          throw new IllegalStateException("on purpose");
        };
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/");
      assertThatThrownBy(() -> client.readBody(1)).isInstanceOf(EOFException.class);
      assertThat(failures).hasSize(1);
    }
  }

  @Test
  void aCloseLetsStreamsEnd() throws Exception {
    var begun = new CountDownLatch(1);
    Event goOn = Event.manualReset();
    HttpHandler handler =
        exchange -> {
          begun.countDown();
          goOn.await();
          exchange.respond(200, "ok");
        };
    HttpServer server = serving(handler).grace(Duration.ofHours(1)).open(0);
    try (Http2Client idle = new Http2Client(server.port());
        Http2Client busy = new Http2Client(server.port())) {
      assertThat(idle.readUntil(FrameType.SETTINGS)).isNotNull();
      busy.get(1, "/");
      begun.await();
      server.stop();
      assertThat(idle.readUntil(FrameType.GOAWAY).getPayload().getInt(4)).isZero();
      assertThat(idle.readToEnd()).isTrue();
      assertThat(busy.readUntil(FrameType.GOAWAY).getPayload().getInt(4)).isZero();
      goOn.set();
      assertThat(busy.readBody(1)).isEqualTo("ok");
      assertThat(busy.readToEnd()).isTrue();
      idle.socket.close();
      busy.socket.close();
      server.close();
    } finally {
      server.closeNow();
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    HttpServer.Options options = serving(exchange -> exchange.respond(200));
    try (HttpServer server = options.idleTimeout(Duration.ofMillis(50)).open(0);
        Http2Client client = new Http2Client(server.port())) {
      assertThat(client.readError()).isEqualTo(H2Error.NO_ERROR.getCode());
      assertThat(client.readToEnd()).isTrue();
    }
  }

  /** Each frame is valid; there are too many of them. */
  @ParameterizedTest
  @CsvSource({"PING", "SETTINGS", "DATA", "RST_STREAM", "PRIORITY"})
  void floodsEndTheConnection(FrameType type) throws IOException {
    HttpHandler handler = exchange -> exchange.respond(200, exchange.readText());
    try (HttpServer server = serving(handler).idleTimeout(Duration.ofHours(1)).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.post(1, "/");
      Thread.ofVirtual().start(() -> sendMany(client, type));
      int code = client.readError();
      while (code == H2Error.CANCEL.getCode() || code == H2Error.REFUSED_STREAM.getCode()) {
        code = client.readError();
      }
      assertThat(code).isEqualTo(H2Error.ENHANCE_YOUR_CALM.getCode());
    }
  }

  private static void sendMany(Http2Client client, FrameType type) {
    try {
      for (int stream = 3; stream < 1_000_000; stream += 2) {
        switch (type) {
          case PING -> client.send(type, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
          case SETTINGS -> client.send(type, 0, 0);
          case DATA -> client.send(type, 0, 1);
          case RST_STREAM -> {
            client.get(stream, "/");
            client.send(type, 0, stream, 0, 0, 0, 8);
          }
          default -> client.send(type, 0, 1, 0, 0, 0, 0, 1);
        }
      }
    } catch (IOException closed) {
      // the server has closed the connection
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9113, 8.2   an upper case name    | X: y",
        "9113, 8.2.1 a name with a space   | x y: z",
        "9110, 5.1   a name is a token     | x[: z",
        "9113, 8.2.1 a NUL in a value      | x: a/0b",
        "9113, 8.2.1 a CR in a value       | x: a/rb",
        "9110, 5.5   a control in a value  | x: a/xb",
        "9113, 8.2.2 connection            | connection: close",
        "9113, 8.2.2 transfer-encoding     | transfer-encoding: chunked",
        "9113, 8.2.2 te                    | te: gzip",
        "9113, 8.3   an unknown pseudo     | :x: y",
        "9113, 8.3.1 a second path         | :path: /b",
        "9113, 8.3.1 a second authority    | :authority: b",
        "9113, 8.3.1 host differs          | host: b",
        "9113, 8.1.1 content-length twice  | content-length: 0~content-length: 0",
        "9113, 8.1.1 a wrong length        | content-length: 3",
        "9113, 8.1.1 a malformed length    | content-length: +0",
      })
  void malformedHeads(String rule, String fields) throws IOException {
    try (HttpServer server = serving(exchange -> exchange.respond(200)).open(0);
        Http2Client client = new Http2Client(server.port())) {
      String text = ":method: GET~:scheme: http~:path: /~:authority: a~" + fields;
      text = text.replace("/0", "\0").replace("/r", "\r").replace("/x", "\177");
      client.sendHead(1, true, text.split("~", -1));
      assertThat(client.readError()).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
      client.get(3, "/");
      assertThat(client.readUntil(FrameType.HEADERS).getStreamId()).isEqualTo(3);
    }
  }

  @Test
  void aBodyThatIsShorterOrLongerThanItsLengthResetsTheStream() throws IOException {
    HttpHandler handler = exchange -> exchange.respond(200, exchange.readText());
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.post(1, "/", "content-length: 3");
      client.send(FrameType.DATA, Http2Client.END_STREAM, 1, 'a', 'b');
      assertThat(client.readError()).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
      client.post(3, "/", "content-length: 1");
      client.send(FrameType.DATA, Http2Client.END_STREAM, 3, 'a', 'b');
      assertThat(client.readError()).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
      client.post(5, "/", "content-length: 2");
      client.send(FrameType.DATA, Http2Client.END_STREAM, 5, 'a', 'b');
      assertThat(client.readBody(5)).isEqualTo("ab");
    }
  }

  @Test
  void aBodyIsAskedForWhenTheHandlerReadsIt() throws IOException {
    HttpHandler handler = exchange -> exchange.respond(200, exchange.readText());
    try (HttpServer server = serving(handler).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.post(1, "/", "expect: 100-continue");
      assertThat(client.readUntil(FrameType.HEADERS).isFlagSet(FrameFlag.END_STREAM)).isFalse();
      client.send(FrameType.DATA, Http2Client.END_STREAM, 1, 'a', 'b');
      assertThat(client.readBody(1)).isEqualTo("ab");
      client.post(3, "/", "expect: something");
      assertThat(client.readBody(3)).contains("not supported");
    }
  }

  @Test
  void streamsBeyondTheLimitAreRefused() throws IOException {
    Event goOn = Event.manualReset();
    HttpHandler handler =
        exchange -> {
          goOn.await();
          exchange.respond(200, "ok");
        };
    try (HttpServer server = serving(handler).maxStreams(2).open(0);
        Http2Client client = new Http2Client(server.port())) {
      client.get(1, "/");
      client.get(3, "/");
      client.get(5, "/");
      assertThat(client.readError()).isEqualTo(H2Error.REFUSED_STREAM.getCode());
      goOn.set();
      assertThat(client.readBody(1)).isEqualTo("ok");
    }
  }

  @Test
  void aPrefaceThatIsMalformedIsRefused() throws IOException {
    try (HttpServer server = serving(exchange -> exchange.respond(200)).open(0)) {
      assertThat(RawClient.exchange(server.port(), "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(RawClient.exchange(server.port(), "PRI * HTTP/2.0\r\nHost: a\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ");
    }
    try (HttpServer server = serving(exchange -> exchange.respond(200)).http2(false).open(0)) {
      assertThat(RawClient.exchange(server.port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
          .startsWith("HTTP/1.1 505 ");
    }
  }
}
