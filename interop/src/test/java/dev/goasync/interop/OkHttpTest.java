package dev.goasync.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.net.HostNames;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Blocking calls of OkHttp to a server on the same loop. */
@Timeout(60)
final class OkHttpTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  @FunctionalInterface
  private interface Use {
    void of(OkHttpClient client, HttpOverOurServer server) throws Exception;
  }

  // guide: begin
  static OkHttpClient client(OkHttpClient.Builder options) {
    return options.socketFactory(new LoopSocketFactory()).dns(HostNames::resolve).build();
  }

  // guide: end

  private void withClient(OkHttpClient.Builder options, Use use) throws Exception {
    one.run(() -> {
      try (var server = new HttpOverOurServer(one.loop())) {
        // Without it, OkHttp reads the trust store.
        options.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        OkHttpClient client = client(options);
        try {
          use.of(client, server);
        } finally {
          client.connectionPool().evictAll();
        }
      }
    });
  }

  private static String get(OkHttpClient client, String url) throws IOException {
    Request request = new Request.Builder().url(url).build();
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }

  /** The server answers after all requests have arrived. */
  @Test
  void aHundredCallsAreOpenAtOnce() throws Exception {
    withClient(
        new OkHttpClient.Builder(),
        (client, server) -> {
          List<Task<String>> calls =
              OneLoop.startMany(number -> get(client, server.url("/together?" + number)));
          List<String> answers = GoAsync.awaitAll(calls);
          for (int i = 0; i < OneLoop.MANY; i++) {
            assertThat(answers.get(i)).isEqualTo("GET /together?" + i + " HTTP/1.1");
          }
        });
  }

  /** OkHttp's asynchronous calls run in coroutines of the loop instead of threads. */
  @Test
  void theDispatcherRunsOnTheExecutorOfTheLoop() throws Exception {
    Dispatcher dispatcher = new Dispatcher(one.loop().executor());
    dispatcher.setMaxRequests(OneLoop.MANY);
    dispatcher.setMaxRequestsPerHost(OneLoop.MANY);
    withClient(
        new OkHttpClient.Builder().dispatcher(dispatcher),
        (client, server) -> {
          List<Task<String>> answers = new ArrayList<>();
          for (int i = 0; i < OneLoop.MANY; i++) {
            Request request = new Request.Builder().url(server.url("/together")).build();
            var answer = new CompletableFuture<String>();
            client.newCall(request).enqueue(completing(answer));
            answers.add(Task.from(answer));
          }
          assertThat(GoAsync.awaitAll(answers)).containsOnly("GET /together HTTP/1.1");
        });
  }

  private static Callback completing(CompletableFuture<String> answer) {
    return new Callback() {
      @Override
      public void onFailure(Call call, IOException failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onResponse(Call call, Response response) throws IOException {
        try (response) {
          answer.complete(response.body().string());
        }
      }
    };
  }

  @Test
  void connectionsAreReusedForLargeBodies() throws Exception {
    byte[] content = new byte[2_000_000];
    content[1_234_567] = 7;
    withClient(
        new OkHttpClient.Builder(),
        (client, server) -> {
          Request request =
              new Request.Builder()
                  .url(server.url("/echo"))
                  .post(RequestBody.create(content, null))
                  .build();
          for (int i = 0; i < 3; i++) {
            try (Response response = client.newCall(request).execute()) {
              assertThat(response.body().bytes()).isEqualTo(content);
            }
          }
          assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
          String named = server.url("/named").replace("127.0.0.1", "localhost");
          assertThat(get(client, named)).contains("/named");
        });
  }

  /** No second request arrives, so the server does not answer. */
  @Test
  void timeoutsAndCancelsEndACall() throws Exception {
    withClient(
        new OkHttpClient.Builder().readTimeout(Duration.ofMillis(10)),
        (client, server) -> {
          assertThatThrownBy(() -> get(client, server.url("/together")))
              .isInstanceOf(SocketTimeoutException.class);
          OkHttpClient withoutTimeout = client.newBuilder().readTimeout(Duration.ZERO).build();
          Task<String> call = GoAsync.goAsync(() -> get(withoutTimeout, server.url("/together")));
          while (withoutTimeout.connectionPool().connectionCount() == 0) {
            GoAsync.yield();
          }
          call.cancel();
          assertThatThrownBy(call::await).hasCauseInstanceOf(IOException.class);
          assertThat(get(withoutTimeout, server.url("/next"))).contains("/next");
        });
  }
}
