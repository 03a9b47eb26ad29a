package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JDK's client, which has threads of its own and returns futures. */
@Timeout(60)
final class JdkClientTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Waits for a response; a cancel of the coroutine cancels the exchange. */
  static String get(HttpClient client, URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    Task<HttpResponse<String>> response =
        Task.from(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    try {
      return response.await().body();
    } finally {
      response.cancel(); // has no effect on a task that has ended
    }
  }

  // guide: end

  @Test
  void aCancelAbortsItsRequest() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    one.run(() -> {
      try (var server = new StubHttp()) {
        Throwable failure =
            Rounds.withCut(
                number -> {
                  assertThat(get(client, URI.create(server.url("/?number=" + number))))
                      .isEqualTo("number=" + number);
                  return number;
                },
                () -> get(client, URI.create(server.url("/stall"))));
        assertThat(failure).isInstanceOf(CancellationException.class);
      } finally {
        client.shutdownNow();
        GoAsync.offload(() -> client.awaitTermination(Duration.ofMinutes(1)));
      }
    });
  }
}
