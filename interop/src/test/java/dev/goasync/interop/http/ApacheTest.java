package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.BasicHttpClientResponseHandler;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Apache HttpClient 5's classic client. */
@Timeout(60)
final class ApacheTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static CloseableHttpClient client(int connections) {
    var manager =
        new PoolingHttpClientConnectionManagerBuilder() {
          @Override
          protected HttpClientConnectionOperator createConnectionOperator(
              SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                _ -> new LoopSocketFactory().createSocket(),
                ports,
                names,
                RegistryBuilder.<TlsSocketStrategy>create()
                    .register(URIScheme.HTTPS.id, tls)
                    .build());
          }
        };
    manager.setMaxConnTotal(connections);
    manager.setMaxConnPerRoute(connections);
    return HttpClients.custom().setConnectionManager(manager.build()).build();
  }

  // guide: end

  private static String get(CloseableHttpClient client, String url) throws IOException {
    return client.execute(new HttpGet(url), new BasicHttpClientResponseHandler());
  }

  private static int exchange(CloseableHttpClient client, StubHttp server, int number)
      throws IOException {
    assertThat(get(client, server.url("/?number=" + number))).isEqualTo("number=" + number);
    return number;
  }

  @Test
  void aCancelClosesItsConnection() throws Exception {
    one.run(() -> {
      try (var server = new StubHttp();
          CloseableHttpClient client = client(OneLoop.MANY)) {
        Throwable failure =
            Rounds.withCut(
                number -> exchange(client, server, number),
                () -> get(client, server.url("/stall")));
        // The client repeats the request, and its pool looks at the interrupt status.
        assertThat(failure).isInstanceOf(CancellationException.class);
      }
    });
  }

  /** A coroutine waits inside the pool until another one has returned its connection. */
  @Test
  void aPoolCanBeSmall() throws Exception {
    Modes.assumeFullMode("a wait for a connection of the pool blocks the loop");
    one.run(() -> {
      try (var server = new StubHttp();
          CloseableHttpClient client = client(3)) {
        GoAsync.awaitAll(OneLoop.startMany(number -> exchange(client, server, number)));
      }
    });
  }
}
