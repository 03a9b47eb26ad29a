package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.io.ByteStream;
import dev.goasync.sync.Channel;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers on a virtual clock, with a scripted listener. */
@Timeout(20)
final class AcceptorsTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final class Connection extends ByteStream {
    Connection() {
      super(target -> -1);
    }

    @Override
    public int write(ByteBuffer source) {
      return 0;
    }

    @Override
    protected void closeHandle() {}
  }

  /** Accepts the connections, and throws the exceptions, that are sent to it. */
  private static final class Script implements Listener<Connection> {
    final Channel<Object> arrivals = Channel.bounded(100);
    int accepts;
    boolean open = true;

    @Override
    public Connection accept() throws IOException {
      accepts++;
      Object arrival = arrivals.receive();
      if (arrival instanceof IOException failure) {
        throw failure;
      }
      return (Connection) arrival;
    }

    @Override
    public SocketAddress localAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
      arrivals.send(new AsynchronousCloseException());
    }
  }

  private final List<Connection> served = new ArrayList<>();
  private TestLoop loop;
  private Script script;

  @BeforeEach
  void openLoop() {
    loop = TestLoop.open();
    script = new Script();
  }

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private void serveForAnHour(Connection connection) {
    served.add(connection);
    GoAsync.sleep(Duration.ofHours(1));
  }

  @Test
  void pausesWhileTheSystemCannotAcceptThenRecovers() throws Exception {
    loop.run(() -> {
      Server server = Server.with().maxConnections(1).serve(script, served::add);
      for (int i = 0; i < 3; i++) {
        script.arrivals.send(new SocketException("Too many open files (scripted)"));
      }
      Connection connection = new Connection();
      script.arrivals.send(connection);
      GoAsync.sleep(Acceptors.PAUSE.multipliedBy(3).minusNanos(1));
      assertThat(served).isEmpty();
      GoAsync.sleep(Duration.ofNanos(2));
      assertThat(served).containsExactly(connection);
      assertThat(connection.isOpen()).isFalse();
      assertThat(script.accepts).as("accepts after the failures").isEqualTo(5);
      server.close();
    });
  }

  @Test
  void connectionsAreCancelledAfterTheGrace() throws Exception {
    Connection connection = new Connection();
    loop.run(() -> {
      Server server =
          Server.with().grace(Duration.ofMinutes(1)).serve(script, this::serveForAnHour);
      script.arrivals.send(connection);
      GoAsync.sleep(Duration.ofMinutes(1));
      server.close();
    });
    assertThat(loop.elapsed()).isEqualTo(Duration.ofMinutes(2));
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void closeLeavesNoCoroutineOfTheServer() throws Exception {
    loop.run(() -> {
      Server server = Server.with().serve(script, served::add);
      GoAsync.yield();
      server.close();
      assertThat(Objects.requireNonNull(Fiber.current()).loop().liveCount())
          .as("the test itself")
          .isEqualTo(1);
    });
  }

  @Test
  void stopDoesNotWaitForTheGrace() throws Exception {
    Connection connection = new Connection();
    loop.run(() -> {
      Server server =
          Server.with().grace(Duration.ofMinutes(1)).serve(script, this::serveForAnHour);
      script.arrivals.send(connection);
      GoAsync.sleep(Duration.ofMillis(1));
      server.stop();
      assertThat(connection.isOpen()).isTrue();
      server.await();
    });
    assertThat(loop.elapsed()).isEqualTo(Duration.ofMillis(60_001));
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void acceptsNoMoreThanMaxConnections() throws Exception {
    loop.run(() -> {
      Server server = Server.with().maxConnections(2).serve(script, this::serveForAnHour);
      for (int i = 0; i < 3; i++) {
        script.arrivals.send(new Connection());
      }
      GoAsync.sleep(Duration.ofMinutes(59));
      assertThat(script.accepts).isEqualTo(2);
      assertThat(server.connections()).isEqualTo(2);
      GoAsync.sleep(Duration.ofMinutes(2));
      assertThat(served).hasSize(3);
      assertThat(served.getFirst().isOpen()).isFalse();
      server.closeNow();
      assertThat(served).noneMatch(Connection::isOpen);
    });
  }

  @Test
  void connectionCancelledBeforeItsCoroutineStartsIsClosed() throws Exception {
    Connection connection = new Connection();
    loop.run(() -> {
      Server server = Server.with().maxConnections(1).serve(script, this::serveForAnHour);
      while (script.accepts == 0) {
        GoAsync.yield();
      }
      script.arrivals.send(connection); // it is accepted, then the acceptor is cancelled
      server.closeNow();
      assertThat(server.connections()).isZero();
    });
    assertThat(served).isEmpty();
    assertThat(connection.isOpen()).isFalse();
  }
}
