package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jetty's client, which has threads of its own and returns futures. */
@Timeout(60)
final class JettyClientTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Waits for a response; a cancel of the coroutine aborts the request. */
  static String get(HttpClient client, String url) {
    Task<ContentResponse> response =
        Task.from(new CompletableResponseListener(client.newRequest(url)).send());
    try {
      return response.await().getContentAsString();
    } finally {
      response.cancel(); // has no effect on a task that has ended
    }
  }

  // guide: end

  @Test
  void aCancelAbortsItsRequest() throws Exception {
    HttpClient client = new HttpClient();
    client.setMaxConnectionsPerDestination(OneLoop.MANY);
    client.start();
    one.run(() -> {
      try (var server = new StubHttp()) {
        Throwable failure =
            Rounds.withCut(
                number -> {
                  assertThat(get(client, server.url("/?number=" + number)))
                      .isEqualTo("number=" + number);
                  return number;
                },
                () -> get(client, server.url("/stall")));
        assertThat(failure).isInstanceOf(CancellationException.class);
      } finally {
        GoAsync.offload(client::stop);
      }
    });
  }
}
