package dev.goasync.interop.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's HTTP server on threads of its own. It keeps what is put, answers a get of another path
 * by the query, and never answers a path that contains {@code stall}.
 */
public final class StubHttp implements AutoCloseable {
  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 100);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Starts the server on a free port. */
  public StubHttp() throws IOException {
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (path.contains("stall")) {
      awaitClose();
    }
    if (exchange.getRequestMethod().equals("PUT")) {
      stored.put(path, body);
      body = new byte[0];
    } else if (body.length == 0) {
      byte[] query = String.valueOf(exchange.getRequestURI().getQuery()).getBytes(UTF_8);
      body = stored.getOrDefault(path, query);
    }
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The port of the server. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The address of a path. */
  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
