package dev.goasync.interop.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RabbitMQ's client: one connection, and a channel for each coroutine. */
@Timeout(120)
final class RabbitTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static ConnectionFactory factory(String host, int port) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host);
    factory.setPort(port);
    factory.setSocketFactory(new LoopSocketFactory());
    return factory;
  }

  /** The reader, the heartbeats and the callbacks are coroutines, too. */
  static ConnectionFactory withoutThreads(ConnectionFactory factory, EventLoop loop) {
    factory.setThreadFactory(loop.threadFactory("amqp-", true));
    factory.setSharedExecutor(loop.executor());
    factory.setHeartbeatExecutor(loop.scheduledExecutor());
    factory.setShutdownExecutor(loop.executor());
    return factory;
  }

  // guide: end

  private static int publishAndGet(Connection connection, int number) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      String queue = channel.queueDeclare().getQueue();
      byte[] body = Integer.toString(number).getBytes(UTF_8);
      channel.basicPublish("", queue, null, body);
      channel.waitForConfirmsOrDie(60_000);
      assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(body);
    }
    return number;
  }

  /** Waits for a message of an empty queue; the channel's close is an exchange with the server. */
  private static void waitForMessage(Connection connection) throws Exception {
    try (Channel channel = connection.createChannel()) {
      var arrived = new CountDownLatch(1);
      channel.basicConsume(
          channel.queueDeclare().getQueue(), true, (_, _) -> arrived.countDown(), _ -> {});
      arrived.await();
    }
  }

  private static void checkCut(Connection connection) throws IOException {
    Throwable failure =
        Rounds.withCut(
            number -> publishAndGet(connection, number), () -> waitForMessage(connection));
    assertThat(failure).isInstanceOf(InterruptedException.class);
    assertThat(connection.isOpen()).as("the shared connection survives").isTrue();
  }

  @Test
  void aConnectionSurvivesTheCancelOfOneOfItsUsers() throws Exception {
    Modes.assumeFullMode("the users of a connection wait for its locks and for its reader");
    int port = Servers.rabbitMq();
    one.run(() -> {
      try (Connection connection = factory("127.0.0.1", port).newConnection()) {
        checkCut(connection);
      }
    });
  }

  @Test
  void theClientStartsNoThread() throws Exception {
    Modes.assumeFullMode("the users of a connection wait for coroutines of the client");
    int port = Servers.rabbitMq();
    one.run(() -> {
      ConnectionFactory factory = withoutThreads(factory("127.0.0.1", port), one.loop());
      try (Connection connection = factory.newConnection()) {
        checkCut(connection);
      }
    });
  }

  @Test
  void aConnectionForEachCoroutineNeedsNoLock() throws Exception {
    int port = Servers.rabbitMq();
    one.run(() -> {
      GoAsync.awaitAll(
          OneLoop.start(
              10,
              number -> {
                try (Connection connection = factory("127.0.0.1", port).newConnection()) {
                  return publishAndGet(connection, number);
                }
              }));
    });
  }
}
