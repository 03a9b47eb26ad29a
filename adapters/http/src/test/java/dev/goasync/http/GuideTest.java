package dev.goasync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.file.AsyncDirectory;
import dev.goasync.sync.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/http.md. */
@Timeout(60)
final class GuideTest {
  // guide: begin server
  static HttpServer open(int port, AsyncDirectory assets) throws IOException {
    return HttpServer.with()
        .route(
            "GET",
            "/hello/{name}",
            exchange -> exchange.respond(200, "hello " + exchange.parameter("name") + "\n"))
        .route(
            "POST",
            "/orders",
            exchange -> {
              String order = exchange.readText();
              exchange.setHeader("Location", "/orders/17");
              exchange.respond(201, "application/json", order.getBytes(UTF_8));
            })
        .route("GET", "/clock", GuideTest::clock)
        .route("GET", "/echo", GuideTest::echo)
        .files("/static", assets)
        .open(port);
  }

  // guide: end

  // guide: begin events
  static void clock(HttpExchange exchange) throws Exception {
    EventStream events = exchange.events();
    for (int i = 0; i < 60; i++) {
      events.send("tick " + i);
      GoAsync.sleep(Duration.ofSeconds(1)); // cancelled when the client has gone
    }
  }

  // guide: end

  // guide: begin websocket
  static void echo(HttpExchange exchange) throws Exception {
    WebSocket socket = exchange.webSocket();
    for (WebSocket.Message message; (message = socket.receive()) != null; ) {
      if (message instanceof WebSocket.Text text) {
        socket.send("you sent " + text.text());
      }
    }
  }

  // guide: end

  // guide: begin feed
  static void feed(HttpExchange exchange, Channel<String> news) throws Exception {
    WebSocket socket = exchange.webSocket();
    TaskScope.run(scope -> {
      scope.goAsync(() -> {
        for (String each : news) {
          socket.send(each);
        }
      });
      while (socket.receive() != null) {
        // the client sends nothing but its close
      }
      scope.cancel("the client has closed the WebSocket");
      return null;
    });
  }

  // guide: end

  // guide: begin tls
  static HttpServer openOnAllCores(EventLoopGroup group, SSLContext context, HttpHandler handler)
      throws IOException {
    return HttpServer.with()
        .route("*", "/{path...}", handler)
        .on(group)
        .tls(context)
        .maxConnections(10_000)
        .maxBodyBytes(1_000_000)
        .grace(Duration.ofSeconds(30))
        .open(8443);
  }

  // guide: end

  // guide: begin client
  static List<String> fetchBoth(HttpClient client, String first, String second) {
    return GoAsync.withTimeout(
        Duration.ofSeconds(5),
        () ->
            TaskScope.all(
                List.of(() -> client.get(first).readText(), () -> client.get(second).readText())));
  }

  static String order(HttpClient client, String uri, String json) throws IOException {
    HttpResponse response =
        client.request("POST", uri).header("Content-Type", "application/json").body(json).send();
    if (response.status() != 201) {
      throw new IOException("the server answered " + response.status());
    }
    return response.readText();
  }

  // guide: end

  @TempDir Path directory;

  @Test
  void theServerAndTheClientOfTheGuide() throws Exception {
    Files.writeString(directory.resolve("a.css"), "a {}");
    try (AsyncDirectory assets = AsyncDirectory.open(directory);
        HttpServer server = open(0, assets);
        HttpClient client = HttpClient.create()) {
      String root = "http://localhost:" + server.port();
      assertThat(fetchBoth(client, root + "/hello/you", root + "/static/a.css"))
          .containsExactly("hello you\n", "a {}");
      assertThat(order(client, root + "/orders", "{}")).isEqualTo("{}");
      HttpResponse clock = client.get(root + "/clock");
      assertThat(new String(clock.body().readNBytes(14), UTF_8)).isEqualTo("data: tick 0\n\n");
      clock.close();
      String answer =
          GoAsync.goAsync(
                  () -> {
                    try (WebSocket socket =
                        client.webSocket("ws://localhost:" + server.port() + "/echo")) {
                      socket.send("hello");
                      return String.valueOf(socket.receive());
                    }
                  })
              .await();
      assertThat(answer).isEqualTo("Text[text=you sent hello]");
    }
  }

  @Test
  void theFeedEndsWithItsClient() throws Exception {
    Channel<String> news = Channel.bounded(10);
    try (HttpServer server =
            HttpServer.with().route("GET", "/", exchange -> feed(exchange, news)).open(0);
        HttpClient client = HttpClient.create()) {
      String first =
          GoAsync.goAsync(
                  () -> {
                    try (WebSocket socket =
                        client.webSocket("ws://localhost:" + server.port() + "/")) {
                      news.send("one");
                      return String.valueOf(socket.receive());
                    }
                  })
              .await();
      assertThat(first).isEqualTo("Text[text=one]");
    }
  }
}
