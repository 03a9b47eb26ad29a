package dev.goasync.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.sync.Barrier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The HTTP server and client of the JDK with the executor of a loop. */
@Timeout(60)
final class JdkHttpTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  /** The loops on which handlers ran. */
  private final Set<EventLoop> seen = ConcurrentHashMap.newKeySet();

  private void answer(HttpExchange exchange, Barrier together) throws IOException {
    try (exchange) {
      seen.add(EventLoop.currentOrDefault());
      byte[] body = exchange.getRequestBody().readAllBytes();
      together.await();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  // guide: begin
  /** Handlers run in coroutines. */
  static HttpServer server(InetSocketAddress address, HttpHandler handler, EventLoop loop)
      throws IOException {
    HttpServer server = HttpServer.create(address, 100);
    server.createContext("/", handler);
    server.setExecutor(loop.executor());
    return server;
  }

  // guide: end

  private HttpServer server(Barrier together) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return server(address, exchange -> answer(exchange, together), one.loop());
  }

  /** Each handler waits, in a coroutine, until all have been called. */
  @Test
  void aHundredExchangesAreOpenAtOnce() throws Exception {
    HttpServer server = server(new Barrier(one.loop(), OneLoop.MANY));
    try (ExecutorService executor = one.loop().executor();
        HttpClient client = HttpClient.newBuilder().executor(executor).build()) {
      server.start();
      try {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        one.run(() -> {
          List<Task<HttpResponse<String>>> responses = new ArrayList<>();
          for (int i = 0; i < OneLoop.MANY; i++) {
            HttpRequest request =
                HttpRequest.newBuilder(uri)
                    .version(HttpClient.Version.HTTP_1_1)
                    .POST(HttpRequest.BodyPublishers.ofString("number " + i))
                    .build();
            responses.add(
                Task.from(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())));
          }
          for (int i = 0; i < OneLoop.MANY; i++) {
            assertThat(responses.get(i).await().body()).isEqualTo("number " + i);
          }
        });
        assertThat(seen).containsExactly(one.loop());
      } finally {
        server.stop(0);
      }
    }
  }

  /** The JDK waits on its own lock, not on an operation of the loop. */
  @Test
  void aBlockingCallSuspendsItsCoroutine() throws Exception {
    Modes.assumeFullMode(
        "a wait inside the JDK blocks the loop, and the server runs on the same loop");
    HttpServer server = server(new Barrier(one.loop(), 1));
    try (ExecutorService executor = one.loop().executor();
        HttpClient client = HttpClient.newBuilder().executor(executor).build()) {
      server.start();
      try {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        HttpRequest request =
            HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("one")).build();
        one.run(() ->
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .isEqualTo("one"));
      } finally {
        server.stop(0);
      }
    }
  }
}
