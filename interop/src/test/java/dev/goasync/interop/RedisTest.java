package dev.goasync.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** Jedis with sockets of the library, made by a {@code JedisSocketFactory}. */
@Timeout(120)
final class RedisTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @RegisterExtension final OneLoop one = new OneLoop();

  private static final JedisClientConfig LONG_TIMEOUTS =
      DefaultJedisClientConfig.builder()
          .socketTimeoutMillis(30_000)
          .blockingSocketTimeoutMillis(30_000)
          .build();

  // guide: begin
  static JedisSocketFactory sockets(InetSocketAddress address) {
    return () -> {
      try {
        Socket socket = new LoopSocketFactory().createSocket();
        socket.setTcpNoDelay(true);
        socket.connect(address, 10_000);
        return socket;
      } catch (IOException failed) {
        throw new JedisConnectionException(failed);
      }
    };
  }

  // guide: end

  private static JedisSocketFactory sockets;

  @BeforeAll
  static void start() throws Exception {
    sockets = sockets(new InetSocketAddress(LOOPBACK, Servers.redis()));
  }

  private static Jedis connect() {
    return new Jedis(sockets, LONG_TIMEOUTS);
  }

  private static void untilClientsWait(Jedis observer, int count) {
    while (observer.clientList().lines().filter(line -> line.contains("cmd=blpop")).count()
        < count) {
      GoAsync.yield();
    }
  }

  /** All clients wait in the server before the first value is pushed. */
  @Test
  void aHundredClientsWaitAtOnce() throws Exception {
    one.run(() -> {
      try (Jedis observer = connect()) {
        List<Task<Integer>> clients =
            OneLoop.startMany(_ -> {
              try (Jedis jedis = connect()) {
                return Integer.parseInt(jedis.blpop(0, "gifts").get(1));
              }
            });
        untilClientsWait(observer, OneLoop.MANY);
        assertThat(clients).noneMatch(Task::isCompleted);
        IntStream.range(0, OneLoop.MANY).forEach(i -> observer.rpush("gifts", Integer.toString(i)));
        assertThat(GoAsync.awaitAll(clients))
            .containsExactlyInAnyOrderElementsOf(IntStream.range(0, OneLoop.MANY).boxed().toList());
      }
    });
  }

  @Test
  void pipelinesAndLargeValuesWork() throws Exception {
    one.run(() -> {
      try (Jedis jedis = connect()) {
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < 1_000; i++) {
          pipeline.set("key" + i, "x".repeat(i));
        }
        Response<Long> size = pipeline.dbSize();
        pipeline.sync();
        assertThat(size.get()).isGreaterThanOrEqualTo(1_000);
        assertThat(jedis.get("key999")).hasSize(999);
        String big = "y".repeat(3_000_000);
        jedis.set("big", big);
        assertThat(jedis.get("big")).isEqualTo(big);
        jedis.flushAll();
      }
    });
  }

  private static RedisClient pooled(int connections) {
    var config = new GenericObjectPoolConfig<Connection>();
    config.setMaxTotal(connections);
    config.setMaxIdle(connections);
    config.setMaxWait(
        Duration.ofSeconds(30)); // without it, the pool spins while another caller connects
    config.setJmxEnabled(false);
    return RedisClient.builder()
        .connectionProvider(
            new PooledConnectionProvider(new ConnectionFactory(sockets, LONG_TIMEOUTS), config))
        .build();
  }

  private void countByPool(int connections) throws Exception {
    one.run(() -> {
      try (RedisClient pool = pooled(connections)) {
        for (int round = 0; round < 3; round++) {
          GoAsync.awaitAll(OneLoop.startMany(_ -> pool.incr("counter")));
        }
        assertThat(pool.get("counter")).isEqualTo(Integer.toString(3 * OneLoop.MANY));
        pool.flushAll();
      }
    });
  }

  @Test
  void aPoolWithAConnectionForEachCoroutineWorks() throws Exception {
    countByPool(OneLoop.MANY);
  }

  /** A coroutine that finds no connection waits for a lock of the JDK. */
  @Test
  void aPoolThatIsTooSmallMakesCoroutinesWait() throws Exception {
    Modes.assumeFullMode(
        "a coroutine that waits for the pool's lock blocks the loop, and the coroutines with"
            + " connections");
    countByPool(2);
  }

  /** The pool must not lend it again. */
  @Test
  void aCancelledCoroutineLeavesABrokenConnection() throws Exception {
    one.run(() -> {
      try (Jedis observer = connect();
          Jedis jedis = connect()) {
        Task<?> waiting = GoAsync.goAsync(() -> jedis.blpop(0, "nothing"));
        untilClientsWait(observer, 1);
        waiting.cancel();
        assertThatThrownBy(waiting::await).isInstanceOf(JedisConnectionException.class);
        assertThat(jedis.isBroken()).isTrue();
      }
    });
  }

  @Test
  void aReadTimesOut() throws Exception {
    JedisClientConfig hasty =
        DefaultJedisClientConfig.builder().blockingSocketTimeoutMillis(1).build();
    one.run(() -> {
      try (Jedis jedis = new Jedis(sockets, hasty)) {
        assertThatThrownBy(() -> jedis.blpop(0, "nothing"))
            .isInstanceOf(JedisConnectionException.class)
            .hasRootCauseInstanceOf(SocketTimeoutException.class);
      }
    });
  }
}
