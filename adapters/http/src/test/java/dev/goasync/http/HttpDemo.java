package dev.goasync.http;

import dev.goasync.file.AsyncDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A server with a page, a clock by server-sent events, an echo by WebSocket and the files of the
 * current directory below {@code /static}. Its first argument is the port.
 */
public final class HttpDemo {
  private static final int DEFAULT_PORT = 8080;

  private static final String PAGE =
      """
      <!doctype html>
      <title>goasync-http</title>
      <p>Clock: <output id="clock"></output>
      <p>Echo: <output id="echo"></output>
      <script>
      new EventSource("clock").onmessage = event => { clock.value = event.data; };
      const socket = new WebSocket(location.href.replace(/^http/, "ws") + "echo");
      socket.onopen = () => socket.send("hello");
      socket.onmessage = event => { echo.value = event.data; };
      </script>
      """;

  private HttpDemo() {}

  /** Opens the server and waits for its end. */
  public static void main(String @Nullable [] arguments) throws IOException {
    int port =
        arguments == null || arguments.length == 0 ? DEFAULT_PORT : Integer.parseInt(arguments[0]);
    try (AsyncDirectory directory = AsyncDirectory.open(Path.of(".").toAbsolutePath());
        HttpServer server =
            HttpServer.with()
                .route(
                    "GET",
                    "/",
                    exchange ->
                        exchange
                            .setHeader("Content-Type", "text/html; charset=utf-8")
                            .respond(200, PAGE))
                .route("GET", "/clock", GuideTest::clock)
                .route("GET", "/echo", GuideTest::echo)
                .files("/static", directory)
                .open(port)) {
      System.out.println("open http://localhost:" + server.port() + "/");
      server.await();
    }
  }
}
