package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Task;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.http.HttpHost;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Cancellable;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Elasticsearch's low-level client, which has threads of its own; a stub answers. */
@Timeout(60)
final class ElasticTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Waits for a response; a cancel of the coroutine aborts the request. */
  static Response perform(RestClient client, Request request) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    Cancellable call =
        client.performRequestAsync(
            request,
            new ResponseListener() {
              @Override
              public void onSuccess(Response response) {
                answer.complete(response);
              }

              @Override
              public void onFailure(Exception failure) {
                answer.completeExceptionally(failure);
              }
            });
    Task<Response> task = Task.from(answer);
    try {
      return task.await();
    } finally {
      if (task.cancel()) {
        call.cancel();
      }
    }
  }

  // guide: end

  private static int exchange(RestClient client, int number) throws IOException {
    Response response = perform(client, new Request("GET", "/?number=" + number));
    assertThat(EntityUtils.toString(response.getEntity())).isEqualTo("number=" + number);
    return number;
  }

  @Test
  void aCancelAbortsItsRequest() throws Exception {
    one.run(() -> {
      try (var server = new StubHttp();
          RestClient client =
              RestClient.builder(new HttpHost("127.0.0.1", server.port()))
                  .setHttpClientConfigCallback(http -> http.setMaxConnPerRoute(OneLoop.MANY))
                  .build()) {
        Throwable failure =
            Rounds.withCut(
                number -> exchange(client, number),
                () -> perform(client, new Request("GET", "/stall")));
        assertThat(failure).isInstanceOf(CancellationException.class);
      }
    });
  }
}
