package dev.goasync.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Body;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.net.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests by both protocols, in coroutines and on a plain thread, and malformed responses. */
@Timeout(120)
final class HttpClientTest {
  /** How a request is sent. */
  enum Way {
    HTTP1_ON_THREAD("HTTP/1.1", false),
    HTTP1("HTTP/1.1", false),
    HTTP1_TLS("HTTP/1.1", true),
    HTTP2("HTTP/2", false),
    HTTP2_TLS("HTTP/2", true);

    final String protocol;
    final boolean tls;

    Way(String protocol, boolean tls) {
      this.protocol = protocol;
      this.tls = tls;
    }

    HttpServer open(HttpServer.Options options) throws IOException {
      return (tls ? options.tls(context) : options).open(0);
    }

    HttpClient client() {
      return HttpClient.with()
          .tls(context)
          .http2(protocol.equals("HTTP/2"))
          .http2PriorKnowledge(this == HTTP2)
          .create();
    }

    String uri(HttpServer server, String path) {
      return (tls ? "https" : "http") + "://localhost:" + server.port() + path;
    }

    void run(Body<Object, Exception> body) throws Exception {
      if (this == HTTP1_ON_THREAD) {
        var _ = body.call();
      } else {
        var _ = GoAsync.goAsync(body).await();
      }
    }
  }

  @TempDir static Path directory;
  private static SSLContext context;

  @BeforeAll
  static void makeIdentity() throws Exception {
    context = TestIdentity.context(directory);
  }

  private static HttpServer.Options serving(HttpHandler handler) {
    return HttpServer.with().route("*", "/{path...}", handler);
  }

  @ParameterizedTest
  @EnumSource
  void connectionsAreUsedAgain(Way way) throws Exception {
    HttpHandler handler =
        exchange -> {
          exchange.setHeader("X-Query", String.valueOf(exchange.query("q")));
          exchange.respond(200, exchange.method() + exchange.header("X") + exchange.readText());
        };
    try (HttpServer server = way.open(serving(handler));
        HttpClient client = way.client()) {
      way.run(() -> {
        for (int i = 0; i < 3; i++) {
          HttpResponse response =
              client
                  .request("PUT", way.uri(server, "/a?q=b%20c"))
                  .header("X", "y")
                  .body("body" + i)
                  .send();
          assertThat(response.protocol()).isEqualTo(way.protocol);
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.headers().first("x-query")).isEqualTo("b c");
          assertThat(response.readText()).isEqualTo("PUTybody" + i);
        }
        return "";
      });
      assertThat(server.server().accepted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void largeBodiesGoBothWays(Way way) throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(3).nextBytes(bytes);
    HttpHandler handler =
        exchange -> {
          try (OutputStream output = exchange.startResponse(200)) {
            exchange.body().transferTo(output);
          }
        };
    try (HttpServer server = way.open(serving(handler));
        HttpClient client = way.client()) {
      way.run(() -> {
        HttpRequest request = client.request("POST", way.uri(server, "/"));
        byte[] whole = request.body(new byte[] {1, 2, 3}).send().readBody();
        assertThat(whole).containsExactly(1, 2, 3);
        // An echo, so the server stops to read when the client does: less than the buffers hold.
        byte[] part = Arrays.copyOf(bytes, 30_000);
        byte[] streamed =
            client
                .request("POST", way.uri(server, "/"))
                .body(new ByteArrayInputStream(part))
                .send()
                .readBody();
        assertThat(streamed).isEqualTo(part);
        return whole;
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void largeBodiesComeWhole(Way way) throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(3).nextBytes(bytes);
    HttpHandler handler =
        exchange -> {
          if (exchange.method().equals("GET")) {
            exchange.respond(200, "application/octet-stream", bytes);
          } else {
            exchange.respond(200, Integer.toString(Arrays.hashCode(exchange.readBody())));
          }
        };
    try (HttpServer server = way.open(serving(handler));
        HttpClient client = way.client()) {
      way.run(() -> {
        assertThat(client.get(way.uri(server, "/")).readBody()).isEqualTo(bytes);
        String sent =
            client
                .request("POST", way.uri(server, "/"))
                .body(new ByteArrayInputStream(bytes))
                .send()
                .readText();
        assertThat(sent).isEqualTo(Integer.toString(Arrays.hashCode(bytes)));
        return sent;
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResponseWithoutABodyHasNone(Way way) throws Exception {
    HttpHandler handler =
        exchange -> {
          if (exchange.path().equals("/none")) {
            exchange.respond(204);
          } else {
            exchange.respond(200, "text");
          }
        };
    try (HttpServer server = way.open(serving(handler));
        HttpClient client = way.client()) {
      way.run(() -> {
        HttpResponse head = client.request("HEAD", way.uri(server, "/")).send();
        assertThat(head.headers().first("content-length")).isEqualTo("4");
        assertThat(head.readText()).isEmpty();
        assertThat(client.get(way.uri(server, "/none")).readText()).isEmpty();
        return head;
      });
      assertThat(server.server().accepted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HTTP1_ON_THREAD")
  void aCancelEndsARequest(Way way) throws Exception {
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
          } catch (CancellationException gone) {
            cancelled.countDown();
            throw gone;
          }
        };
    try (HttpServer server =
            way.open(serving(handler).idleTimeout(Duration.ofMillis(800)).grace(Duration.ZERO));
        HttpClient client = way.client()) {
      Task<HttpResponse> request = GoAsync.goAsync(() -> client.get(way.uri(server, "/")));
      begun.await();
      assertThat(request.cancel()).isTrue();
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
      way.run(() -> client.get(way.uri(server, "/ok")).readText());
    }
  }

  @Test
  void streamsShareOneConnection() throws Exception {
    HttpHandler handler = exchange -> exchange.respond(200, exchange.path());
    try (HttpServer server = serving(handler).open(0);
        HttpClient client = Way.HTTP2.client()) {
      Way.HTTP2.run(() -> {
        String uri = Way.HTTP2.uri(server, "/");
        var _ = client.get(uri).readText();
        List<Body<String, IOException>> requests = new ArrayList<>();
        for (int i = 0; i < 300; i++) { // more than the server allows at once
          int number = i;
          requests.add(() -> client.get(uri + number).readText());
        }
        List<String> answers = TaskScope.all(requests);
        for (int i = 0; i < 300; i++) {
          assertThat(answers.get(i)).isEqualTo("/" + i);
        }
        return answers;
      });
      assertThat(server.server().accepted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsSentAgainWhenTheServerHasClosedTheConnection(Way way) throws Exception {
    HttpHandler handler = exchange -> exchange.respond(200, "ok");
    try (HttpServer server = way.open(serving(handler).idleTimeout(Duration.ofMillis(50)));
        HttpClient client = way.client()) {
      way.run(() -> {
        String last = "";
        for (int i = 0; i < 3; i++) {
          last = client.get(way.uri(server, "/")).readText();
          assertThat(last).isEqualTo("ok");
          while (i == 1 && server.connections() > 0) {
            GoAsync.yield(); // until the server has closed the connection
          }
        }
        return last;
      });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no status          | HTTP/1.1~~",
        "a short status     | HTTP/1.1 20 OK~~",
        "another protocol   | ICY 200 OK~~",
        "a space in a name  | HTTP/1.1 200 OK~X : y~Content-Length: 0~~",
        "a folded line      | HTTP/1.1 200 OK~X: y~ z~Content-Length: 0~~",
        "two lengths        | HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~x",
        "both lengths       | HTTP/1.1 200 OK~Content-Length: 1~Transfer-Encoding: chunked~~0~~",
        "a malformed chunk  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~+1~x~0~~",
        "a cut body         | HTTP/1.1 200 OK~Content-Length: 5~~abc",
        "a cut chunk        | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~abc",
        "a cut head         | HTTP/1.1 200 OK~Content-Le",
        "no response        | ``",
      })
  void malformedResponses(String rule, String response) throws Exception {
    byte[] bytes = response.replace("~", "\r\n").getBytes(ISO_8859_1);
    try (Server server =
            Server.listen(
                0,
                connection -> {
                  for (String line;
                      (line = connection.readLine(1000)) != null && !line.isEmpty(); ) {
                    // the head of the request
                  }
                  connection.writeAll(new String(bytes, UTF_8));
                });
        HttpClient client = HttpClient.create()) {
      assertThatThrownBy(() -> client.get("http://localhost:" + server.port() + "/").readText())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRequestThatCannotBeSentIsRefused() throws Exception {
    try (HttpClient client = HttpClient.create()) {
      assertThatThrownBy(() -> client.get("ftp://localhost/"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> client.get("http:///path"))
          .isInstanceOf(IllegalArgumentException.class);
      HttpRequest request = client.request("GET", "http://localhost/");
      assertThatThrownBy(() -> request.header("X", "a\r\nY: b"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> request.header("Host", "b")).hasMessageContaining("sets the field");
    }
  }
}
