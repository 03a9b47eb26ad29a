package dev.goasync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.sync.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests, bodies, limits and the end of connections of HTTP/1.1. */
@Timeout(120)
final class Http1ServerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  private HttpServer.Options serving(HttpHandler handler) {
    return HttpServer.with().route("*", "/{path...}", handler).onFailure(failures::add);
  }

  @Test
  void requestsOfOneConnectionAreAnsweredInTheirOrder() throws IOException {
    try (HttpServer server = serving(exchange -> exchange.respond(200, exchange.path())).open(0);
        RawClient client = new RawClient(server.port())) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).endsWith("/1");
      assertThat(client.readResponse()).endsWith("/2");
      assertThat(client.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n").readResponse()).endsWith("/3");
      assertThat(server.server().accepted()).isEqualTo(1);
    }
  }

  @Test
  void aResponseOfUnknownLengthIsChunked() throws IOException {
    HttpHandler handler =
        exchange -> {
          try (OutputStream output = exchange.startResponse(200)) {
            output.write("one".getBytes(UTF_8));
            output.flush();
            output.write("two".getBytes(UTF_8));
          }
        };
    try (HttpServer server = serving(handler).open(0)) {
      assertThat(RawClient.exchange(server.port(), GET + "Connection: close\r\n\r\n"))
          .contains("Transfer-Encoding: chunked\r\n")
          .endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
      assertThat(RawClient.exchange(server.port(), "GET / HTTP/1.0\r\n\r\n"))
          .contains("Connection: close\r\n")
          .doesNotContain("chunked")
          .endsWith("\r\n\r\nonetwo");
      assertThat(
              RawClient.exchange(
                  server.port(), "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void aBodyIsAskedForWhenTheHandlerReadsIt() throws IOException {
    HttpHandler handler =
        exchange -> {
          if (exchange.path().equals("/no")) {
            throw new StatusException(403, "not allowed");
          }
          exchange.respond(200, exchange.readText());
        };
    String fields = " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    try (HttpServer server = serving(handler).open(0);
        RawClient client = new RawClient(server.port());
        RawClient refused = new RawClient(server.port())) {
      assertThat(client.send("POST /" + fields).readResponse())
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.send("abc").readResponse()).startsWith("HTTP/1.1 200 ").endsWith("abc");
      assertThat(refused.send("POST /no" + fields).readToEnd())
          .startsWith("HTTP/1.1 403 ")
          .contains("Connection: close\r\n");
    }
  }

  @Test
  void aCoroutineOfTheHandlerMayRespond() throws IOException {
    HttpHandler handler =
        exchange -> TaskScope.run(scope -> scope.goAsync(() -> exchange.respond(200, "ok")));
    try (HttpServer server = serving(handler).open(0);
        RawClient client = new RawClient(server.port())) {
      assertThat(client.send(GET + "\r\n").readResponse()).endsWith("ok");
      assertThat(client.send(GET + "\r\n").readResponse()).endsWith("ok");
    }
  }

  @Test
  void aShortBodyThatTheHandlerDoesNotReadIsSkipped() throws IOException {
    try (HttpServer server = serving(exchange -> exchange.respond(200, "ok")).open(0);
        RawClient client = new RawClient(server.port())) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /");
      assertThat(client.readResponse()).endsWith("ok");
      assertThat(client.send(GET + "\r\n").readResponse()).endsWith("ok");
    }
  }

  @Test
  void aFailureIsAnsweredAndReportedAndTheConnectionGoesOn() throws IOException {
    HttpHandler handler =
        exchange -> {
          if (exchange.path().equals("/fail")) {
            exchange.setHeader("X", "y");
            throw new IllegalStateException("on purpose");
          }
          exchange.respond(200, "ok");
        };
    try (HttpServer server = serving(handler).open(0);
        RawClient client = new RawClient(server.port())) {
      assertThat(client.send("GET /fail HTTP/1.1\r\nHost: a\r\n\r\n").readResponse())
          .startsWith("HTTP/1.1 500 ")
          .doesNotContain("on purpose", "X: y");
      assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
      assertThat(client.send(GET + "\r\n").readResponse()).endsWith("ok");
    }
  }

  @Test
  void aFailureWithinAResponseBreaksItOff() throws IOException {
    HttpHandler handler =
        exchange -> {
          OutputStream output = exchange.startResponse(200);
          output.write("part".getBytes(UTF_8));
          output.flush();
          throw new IllegalStateException("on purpose");
        };
    HttpHandler shortened = exchange -> exchange.startResponse(200, 10).write(1);
    try (HttpServer server = serving(handler).open(0);
        HttpServer second = serving(shortened).open(0)) {
      assertThat(RawClient.exchange(server.port(), GET + "\r\n")).endsWith("4\r\npart\r\n");
      assertThat(RawClient.exchange(second.port(), GET + "\r\n")).endsWith("\r\n\r\n\1");
      assertThat(failures).hasSize(2);
    }
  }

  @Test
  void aHandlerCannotSendFieldsThatSplitTheResponse() throws IOException {
    HttpHandler handler =
        exchange -> {
          assertThatThrownBy(() -> exchange.setHeader("X", "a\r\nSet-Cookie: b"))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> exchange.setHeader("X\r\nY", "a"))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> exchange.setHeader("content-length", "1"))
              .hasMessageContaining("the server sets");
          exchange.respond(200);
          assertThatThrownBy(() -> exchange.respond(200)).isInstanceOf(IllegalStateException.class);
        };
    try (HttpServer server = serving(handler).open(0)) {
      assertThat(RawClient.exchange(server.port(), GET + "Connection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void slowAndIdleClientsAreRefused() throws IOException {
    HttpServer.Options options =
        serving(exchange -> exchange.respond(200, exchange.readText()))
            .headTimeout(Duration.ofMillis(100))
            .idleTimeout(Duration.ofMillis(100))
            .stallTimeout(Duration.ofMillis(100));
    try (HttpServer server = options.open(0)) {
      assertThat(RawClient.exchange(server.port(), "")).isEmpty();
      assertThat(RawClient.exchange(server.port(), "GET / HT")).startsWith("HTTP/1.1 408 ");
      assertThat(
              RawClient.exchange(
                  server.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab"))
          .isEmpty();
    }
  }

  /** The client takes nothing, until the buffers of the kernel are full. */
  @Test
  void aClientThatTakesNothingIsDropped() throws Exception {
    var cancelled = new CountDownLatch(1);
    HttpHandler handler =
        exchange -> {
          try (OutputStream output = exchange.startResponse(200)) {
            byte[] part = new byte[1 << 16];
            while (true) {
              output.write(part);
            }
          } catch (CancellationException stalled) {
            cancelled.countDown();
            throw stalled;
          }
        };
    try (HttpServer server = serving(handler).stallTimeout(Duration.ofMillis(200)).open(0);
        RawClient client = new RawClient(server.port())) {
      client.send(GET + "\r\n");
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatHasGoneCancelsItsHandler() throws Exception {
    var cancelled = new CountDownLatch(1);
    HttpHandler handler =
        exchange -> {
          try {
            GoAsync.sleep(Duration.ofHours(1));
          } catch (CancellationException gone) {
            cancelled.countDown();
            throw gone;
          }
        };
    try (HttpServer server = serving(handler).idleTimeout(Duration.ofMillis(800)).open(0)) {
      try (RawClient client = new RawClient(server.port())) {
        client.send(GET + "\r\n");
      }
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aCloseEndsIdleConnectionsAndLetsRequestsEnd() throws Exception {
    var begun = new CountDownLatch(1);
    Event goOn = Event.manualReset();
    HttpHandler handler =
        exchange -> {
          if (exchange.path().equals("/long")) {
            begun.countDown();
            goOn.await();
          }
          exchange.respond(200, "ok");
        };
    HttpServer server = serving(handler).grace(Duration.ofHours(1)).open(0);
    try (RawClient idle = new RawClient(server.port());
        RawClient busy = new RawClient(server.port())) {
      assertThat(idle.send(GET + "\r\n").readResponse()).endsWith("ok");
      busy.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
      begun.await();

      server.stop();
      assertThat(idle.readToEnd()).isEmpty();
      assertThatThrownBy(() -> new RawClient(server.port())).isInstanceOf(IOException.class);
      goOn.set();
      assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("ok");
      server.close();
      assertThat(server.connections()).isZero();
    } finally {
      server.closeNow();
    }
  }

  @Test
  void routesFindNamesAndRests() throws IOException {
    HttpServer.Options options =
        HttpServer.with()
            .route(
                "GET", "/a/{name}", exchange -> exchange.respond(200, exchange.parameter("name")))
            .route("GET", "/a/fixed", exchange -> exchange.respond(200, "fixed"))
            .route(
                "PUT",
                "/r/{rest...}",
                exchange -> exchange.respond(200, exchange.parameter("rest")));
    try (HttpServer server = options.open(0);
        RawClient client = new RawClient(server.port())) {
      assertThat(get(client, "GET", "/a/fixed")).endsWith("\r\n\r\nfixed");
      assertThat(get(client, "GET", "/a/x%2Fy%20z")).endsWith("\r\n\r\nx/y z");
      assertThat(get(client, "GET", "/a/")).startsWith("HTTP/1.1 404");
      assertThat(get(client, "GET", "/a/b/c")).startsWith("HTTP/1.1 404");
      assertThat(get(client, "PUT", "/r/b/c")).endsWith("\r\n\r\nb/c");
      assertThat(get(client, "POST", "/a/fixed"))
          .startsWith("HTTP/1.1 405")
          .contains("Allow: GET, HEAD");
      assertThat(get(client, "OPTIONS", "*")).startsWith("HTTP/1.1 204");
    }
    assertThatThrownBy(() -> HttpServer.with().route("GET", "/{a}/{a}", _ -> {}))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> HttpServer.with().route("GET", "a", _ -> {}))
        .hasMessageContaining("slash");
  }

  private static String get(RawClient client, String method, String target) throws IOException {
    return client.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
  }
}
