package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoopGroup;
import dev.goasync.testkit.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers in a JVM that exits. */
@Timeout(120)
@SuppressWarnings("try") // closing early is what is tested
final class ServerAtExitTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private static AsyncSocket connect(Server server) throws IOException {
    return AsyncSocket.connect("127.0.0.1", server.port());
  }

  private static void exitBeside() {
    new Thread(() -> System.exit(7)).start();
  }

  static final class ConnectionEnds {
    public static void main(String[] arguments) throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      Server server =
          Server.with()
              .grace(FOR_EVER)
              .stopAtExit(FOR_EVER)
              .listen(
                  LOOPBACK,
                  connection -> {
                    begun.countDown();
                    System.out.println("received " + connection.readLine());
                  });
      AsyncSocket client = connect(server);
      begun.await();
      exitBeside();
      while (!server.isStopping()) {
        Thread.onSpinWait();
      }
      client.writeAll("to go on\n");
    }
  }

  @Test
  void exitWaitsForConnections() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(ConnectionEnds.class);
    assertThat(ended.out()).isEqualTo("received to go on\n");
    assertThat(ended.exitCode()).isEqualTo(7);
  }

  static final class ConnectionIsCancelled {
    public static void main(String[] arguments) throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      Server server =
          Server.with()
              .grace(Duration.ZERO)
              .stopAtExit(FOR_EVER)
              .listen(
                  LOOPBACK,
                  connection -> {
                    begun.countDown();
                    try {
                      connection.readLine();
                    } catch (CancellationException cancelled) {
                      System.out.println("cancelled");
                    }
                  });
      AsyncSocket client = connect(server);
      begun.await();
      exitBeside();
      client.readLine();
    }
  }

  @Test
  void connectionsAreCancelledAfterTheGrace() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(ConnectionIsCancelled.class);
    assertThat(ended.out()).isEqualTo("cancelled\n");
    assertThat(ended.exitCode()).isEqualTo(7);
  }

  static final class LoopStandsStill {
    public static void main(String[] arguments) throws Exception {
      Server server =
          Server.with()
              .grace(Duration.ZERO)
              .stopAtExit(Duration.ZERO)
              .listen(LOOPBACK, connection -> System.exit(7));
      connect(server).readLine();
    }
  }

  @Test
  void exitCalledByAConnectionDoesNotWaitForThatConnection() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(LoopStandsStill.class);
    assertThat(ended.exitCode()).isEqualTo(7);
  }

  @Test
  void negativeTimeoutIsRefused() {
    assertThatThrownBy(() -> Server.with().stopAtExit(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout is negative");
  }

  @Test
  void hookOfAnEndedServerIsRemoved() throws Exception {
    List<Runnable> atEnd = new ArrayList<>();
    try (Server server = Server.listen(0, connection -> {})) {
      Thread hook = ExitHook.add(server, FOR_EVER, atEnd::add);
      assertThat(atEnd).hasSize(1);
      atEnd.getFirst().run();
      assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isFalse();
    }
  }

  @Test
  void endOfAllAcceptorsRunsTheAction() throws Exception {
    CountDownLatch notified = new CountDownLatch(1);
    try (EventLoopGroup group = EventLoopGroup.start(2);
        AsyncServerSocket listener = AsyncServerSocket.listen(LOOPBACK)) {
      var acceptors =
          new Acceptors<AsyncSocket>(
              listener,
              connection -> {},
              Server.with(),
              group.loops(),
              ScopedValue.where(ScopedValue.newInstance(), this));
      acceptors.whenEnded(notified::countDown);
      assertThat(notified.getCount()).isOne();
      listener.close();
      notified.await();
      acceptors.await();
    }
  }
}
