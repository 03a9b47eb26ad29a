package dev.goasync.interop;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Prints how long a loop stands still while a client is used for the first time in a JVM: the
 * longest gap between two ticks of a coroutine that ticks each millisecond. {@link FirstUseTest}
 * starts a JVM for each line.
 */
final class FirstUse {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Duration SETTLING = Duration.ofMillis(500);

  private long lastTick;
  private long longestGap;

  private FirstUse() {}

  /** Takes the name of a client, the port of its server, and {@code loop} or {@code offload}. */
  public static void main(String[] arguments) throws Exception {
    String client = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    boolean offload = arguments[2].equals("offload");
    try (EventLoop loop = EventLoop.start("first-use")) {
      loop.goAsync(() -> new FirstUse().measure(client, port, offload)).await();
    }
  }

  private void measure(String client, int port, boolean offload) throws Exception {
    Task<?> ticker = GoAsync.goAsync(this::tick);
    GoAsync.sleep(SETTLING);
    longestGap = 0;
    long first = 0;
    if (offload) {
      GoAsync.<RuntimeException>offload(() -> exchangeUnchecked(client, port));
      GoAsync.sleep(TICK);
      first = longestGap;
      longestGap = 0;
    }
    exchange(client, port);
    GoAsync.sleep(TICK);
    System.out.printf(
        "%s %s: %s%d ms on the loop%n",
        client,
        offload ? "offload" : "loop",
        offload ? millis(first) + " ms in offload, " : "",
        millis(longestGap));
    ticker.cancel();
  }

  private void tick() {
    lastTick = System.nanoTime();
    while (true) {
      GoAsync.sleep(TICK);
      long now = System.nanoTime();
      longestGap = Math.max(longestGap, now - lastTick);
      lastTick = now;
    }
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static void exchangeUnchecked(String client, int port) {
    try {
      exchange(client, port);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void exchange(String client, int port) throws Exception {
    switch (client) {
      case "pgjdbc" -> query(port);
      case "Jedis" -> ping(port);
      case "HttpClient" -> get(port);
      default -> throw new IllegalArgumentException("no such client: " + client);
    }
  }

  private static void query(int port) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("socketFactory", LoopSocketFactory.class.getName());
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select 1")) {
      result.next();
    }
  }

  private static void ping(int port) {
    try (Jedis jedis = new Jedis(() -> connect(port))) {
      jedis.ping();
    }
  }

  private static Socket connect(int port) {
    try {
      Socket socket = new LoopSocketFactory().createSocket();
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return socket;
    } catch (IOException failed) {
      throw new JedisConnectionException(failed);
    }
  }

  private static void get(int port) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/?one");
      var response =
          client.sendAsync(
              HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      Task.from(response).await();
      client.shutdownNow();
    }
  }
}
