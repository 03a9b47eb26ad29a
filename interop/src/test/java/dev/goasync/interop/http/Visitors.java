package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Rounds;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Coroutines that call an HTTP server whose handlers are coroutines of the same loop. */
final class Visitors {
  private final EventLoop home;
  private final CompletableFuture<String> end = new CompletableFuture<>();

  Visitors(EventLoop home) {
    this.home = home;
  }

  /**
   * Runs rounds of requests, one of which is cancelled.
   *
   * @param url the server's; it answers a request by its query, but never a query {@code stall}
   * @return the exception of the cancelled request
   */
  Throwable visit(String url) throws IOException {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .socketFactory(new LoopSocketFactory())
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .build();
    try {
      return Rounds.withCut(
          number -> {
            assertThat(get(client, url + "?number=" + number)).isEqualTo("number=" + number);
            return number;
          },
          () -> get(client, url + "?stall"));
    } finally {
      end.complete("ended"); // the server does not cancel the handler of a client that has gone
      client.connectionPool().evictAll();
    }
  }

  private static String get(OkHttpClient client, String url) throws IOException {
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
      return response.body().string();
    }
  }

  /** What a handler does before it answers: it waits a turn of the loop, or to the end. */
  void handle(String query) {
    assertThat(GoAsync.inCoroutine()).isTrue();
    assertThat(EventLoop.currentOrDefault()).isSameAs(home);
    if (query.equals("stall")) {
      Task.from(end).await();
    }
    GoAsync.yield();
  }
}
