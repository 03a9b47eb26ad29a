package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers with real connections; {@link AcceptorsTest} tests with a virtual clock. */
@Conformance
@Timeout(20)
@SuppressWarnings("try") // closing early is what is tested
final class ServerTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private long openBefore;

  @BeforeEach
  void countDescriptors() throws IOException {
    openBefore = Descriptors.count("socket:");
  }

  @AfterEach
  void nothingIsLeftOpen() throws IOException {
    assertThat(Descriptors.count("socket:")).isEqualTo(openBefore);
  }

  private static void echo(AsyncSocket connection) throws IOException {
    for (String line; (line = connection.readLine()) != null; ) {
      connection.writeAll(line + "\n");
    }
  }

  private static AsyncSocket connect(Server server) throws IOException {
    return AsyncSocket.connect("127.0.0.1", server.port());
  }

  private static String ask(AsyncSocket client, String line) throws IOException {
    client.writeAll(line + "\n");
    return String.valueOf(client.readLine());
  }

  @ParameterizedTest
  @EnumSource
  void servesManyConnectionsAtOnce(Caller caller) throws Exception {
    caller.run(() -> {
      try (Server server = Server.listen(0, ServerTest::echo)) {
        List<AsyncSocket> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          clients.add(connect(server));
        }
        for (AsyncSocket client : clients.reversed()) {
          assertThat(ask(client, client.toString())).isEqualTo(client.toString());
        }
        assertThat(server.connections()).isEqualTo(20);
        assertThat(server.accepted()).isEqualTo(20);
        assertThat(server).hasToString("Server[" + server.localAddress() + "]");
        for (AsyncSocket client : clients) {
          client.close();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeLetsConnectionsEndAndAcceptsNoMore(Caller caller) throws Exception {
    caller.run(() -> {
      Server server = Server.with().grace(FOR_EVER).listen(LOOPBACK, ServerTest::echo);
      try (var client = connect(server)) {
        assertThat(ask(client, "begun")).isEqualTo("begun");
        server.stop();
        server.stop();
        assertThat(server.isStopping()).isTrue();
        assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
        Task<?> closing = caller.beside(server::close);
        Waiting.forATurn();
        assertThat(closing.isCompleted()).isFalse();
        assertThat(ask(client, "still served")).isEqualTo("still served");
        client.close();
        Caller.finish(closing);
        assertThat(server.connections()).isZero();
        assertThat(server.accepted()).isEqualTo(1);
      }
      server.await();
    });
  }

  @ParameterizedTest
  @EnumSource
  void connectionsAreCancelledAfterTheGrace(Caller caller) throws Exception {
    caller.run(() -> {
      Server server = Server.with().grace(Duration.ZERO).listen(LOOPBACK, ServerTest::echo);
      try (var client = connect(server)) {
        assertThat(ask(client, "begun")).isEqualTo("begun");
        server.close();
        assertThat(client.readLine()).isNull();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeNowCancelsConnectionsAtOnce(Caller caller) throws Exception {
    caller.run(() -> {
      Server server = Server.with().grace(FOR_EVER).listen(LOOPBACK, ServerTest::echo);
      try (var client = connect(server)) {
        assertThat(ask(client, "begun")).isEqualTo("begun");
        server.closeNow();
        assertThat(client.readLine()).isNull();
      }
    });
  }

  @Test
  void cancelledCoroutineClosesWithoutGrace() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    List<Server> servers = new ArrayList<>();
    Task<?> owner =
        GoAsync.goAsync(() -> {
          try (var server = Server.with().grace(FOR_EVER).listen(LOOPBACK, ServerTest::echo)) {
            servers.add(server);
            begun.countDown();
            server.await();
          }
        });
    begun.await();
    try (var client = connect(servers.getFirst())) {
      assertThat(ask(client, "begun")).isEqualTo("begun");
      owner.cancel();
      assertThat(client.readLine()).isNull();
      assertThatThrownBy(owner::await).isInstanceOf(CancellationException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void connectionCanStopItsServerButNotWaitForItself(Caller caller) throws Exception {
    caller.run(() -> {
      var answers = new LinkedBlockingQueue<Throwable>();
      Server[] server = new Server[1];
      server[0] =
          Server.listen(
              0,
              connection -> {
                try {
                  server[0].close();
                } catch (IllegalStateException expected) {
                  answers.add(expected);
                }
                server[0].stop();
              });
      try (var client = connect(server[0])) {
        assertThat(client.readLine()).isNull();
        server[0].await();
      }
      assertThat(answers.poll())
          .hasMessageContaining("cannot wait for its own end")
          .hasMessageContaining("stop()");
    });
  }

  /** The system connects further clients, which wait. */
  @ParameterizedTest
  @EnumSource
  void servesNoMoreThanMaxConnections(Caller caller) throws Exception {
    caller.run(() -> {
      try (Server server = Server.with().maxConnections(2).listen(LOOPBACK, ServerTest::echo);
          var first = connect(server);
          var second = connect(server);
          var third = connect(server)) {
        assertThat(ask(first, "1")).isEqualTo("1");
        assertThat(ask(second, "2")).isEqualTo("2");
        third.writeAll("3\n");
        assertThat(ask(first, "still 1")).isEqualTo("still 1");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(third.readable().isReady()).isFalse();
        second.close();
        assertThat(third.readLine()).isEqualTo("3");
      }
    });
  }

  @Test
  void servesOnAllLoopsOfAGroup() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (EventLoopGroup group = EventLoopGroup.start(2);
        Server server =
            Server.with()
                .on(group)
                .maxConnections(50)
                .listen(
                    LOOPBACK,
                    connection -> {
                      threads.add(EventLoop.currentOrDefault().name());
                      echo(connection);
                    })) {
      List<AsyncSocket> clients = new ArrayList<>();
      while (threads.size() < 2) { // until both loops have accepted
        assertThat(clients).hasSizeLessThan(50);
        AsyncSocket client = connect(server);
        clients.add(client);
        assertThat(ask(client, "x")).isEqualTo("x");
      }
      for (AsyncSocket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void failureOfAHandlerEndsItsConnectionOnlyAndIsReported() throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    try (Server server =
        Server.with()
            .onFailure(failures::add)
            .listen(
                LOOPBACK,
                connection -> {
                  String line = connection.readLine();
                  if ("fail".equals(line)) {
                    throw new IllegalArgumentException("scripted");
                  }
                  if ("error".equals(line)) {
                    throw new StackOverflowError("scripted");
                  }
                  connection.writeAll("fine");
                })) {
      for (String order : List.of("fail", "error")) {
        try (var client = connect(server)) {
          assertThat(ask(client, order)).isEqualTo("null");
        }
      }
      assertThat(failures.take()).isInstanceOf(IllegalArgumentException.class);
      assertThat(failures.take()).isInstanceOf(StackOverflowError.class);
      try (var client = connect(server)) {
        assertThat(ask(client, "work")).isEqualTo("fine");
      }
      try (var client = connect(server)) {
        client.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
      }
      assertThat(failures.take()).as("a reset").isInstanceOf(SocketException.class);
    }
  }

  @Test
  void closingTheLoopEndsServerAndListener() throws Exception {
    EventLoop loop = EventLoop.start();
    Server server = Server.with().on(loop).listen(LOOPBACK, ServerTest::echo);
    try (var client = connect(server)) {
      assertThat(ask(client, "begun")).isEqualTo("begun");
      loop.closeNow();
      assertThat(client.readLine()).isNull();
      assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
      server.await();
      server.close();
    }
  }
}
