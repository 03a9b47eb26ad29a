package dev.goasync.interop.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.interop.OneLoop;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Undertow: a handler hands its exchange to the loop. */
@Timeout(60)
final class UndertowTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** Runs {@code handler}, which may block, in a coroutine. */
  static HttpHandler onLoop(HttpHandler handler, EventLoop loop) {
    Executor coroutines = loop.executor();
    return exchange ->
        exchange.dispatch(
            coroutines,
            inCoroutine -> {
              inCoroutine.startBlocking();
              handler.handleRequest(inCoroutine);
            });
  }

  // guide: end

  private static void echo(HttpServerExchange exchange, Visitors visitors) throws IOException {
    visitors.handle(exchange.getQueryString());
    exchange.getOutputStream().write(exchange.getQueryString().getBytes(UTF_8));
    exchange.endExchange();
  }

  @Test
  void handlersRunInCoroutines() throws Exception {
    var visitors = new Visitors(one.loop());
    Undertow server =
        Undertow.builder()
            .addHttpListener(
                0, "127.0.0.1", onLoop(exchange -> echo(exchange, visitors), one.loop()))
            .build();
    server.start();
    try {
      var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
      String url = "http://127.0.0.1:" + address.getPort() + "/";
      one.run(() -> assertThat(visitors.visit(url)).isInstanceOf(IOException.class));
    } finally {
      server.stop();
    }
  }
}
