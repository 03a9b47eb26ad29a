package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.util.concurrent.CancellationException;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Spring's RestClient on Apache's client. */
@Timeout(60)
final class RestClientTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static RestClient over(CloseableHttpClient client) {
    return RestClient.builder()
        .requestFactory(new HttpComponentsClientHttpRequestFactory(client))
        .build();
  }

  // guide: end

  @Test
  void aCancelClosesItsConnection() throws Exception {
    one.run(() -> {
      try (var server = new StubHttp();
          CloseableHttpClient connections = ApacheTest.client(OneLoop.MANY)) {
        RestClient client = over(connections);
        Throwable failure =
            Rounds.withCut(
                number -> {
                  String url = server.url("/?number=" + number);
                  assertThat(client.get().uri(url).retrieve().body(String.class))
                      .isEqualTo("number=" + number);
                  return number;
                },
                () -> client.get().uri(server.url("/stall")).retrieve().body(String.class));
        assertThat(failure).isInstanceOf(CancellationException.class);
      }
    });
  }
}
